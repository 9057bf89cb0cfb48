import { describe, expect, test } from "vitest";
import {
  runScheduler,
  type InControl,
  type Look,
  type SchedulerEvent,
  type SchedulerPorts,
} from "../../../extension/application/scheduler/scheduler.ts";
import { DEFAULT_PLAN } from "../../../extension/optimizer/decide/index.ts";
import { lognormal, mulberry32 } from "../../../extension/optimizer/random.ts";

const inControl: InControl = { latency: 50, cost: 3e-5, deviation: { latency: 0.05, cost: 0.05 } };

/** A clock with a script: what each unit would show, and when the user is at work. Ends when the script does. */
async function play(
  units: number,
  script: { latency?: (unit: number) => number; busy?: (unit: number) => boolean; look?: (unit: number) => Look | undefined },
  held: InControl = inControl,
) {
  const end = new AbortController();
  const random = mulberry32(3);
  const events: (SchedulerEvent & { unit: number })[] = [];
  const rounds: string[] = [];
  let unit = 0;
  const ports: SchedulerPorts = {
    pause() {
      if (++unit > units) end.abort(new Error("the script is over"));
      return Promise.resolve();
    },
    busy: () => (script.busy?.(unit) ? "a workload runs" : undefined),
    look() {
      if (script.look) return Promise.resolve(script.look(unit));
      const latency = (script.latency?.(unit) ?? 50) * lognormal(random, 0.05);
      return Promise.resolve({ latency, cost: 3e-5 * lognormal(random, 0.05), requests: 20 });
    },
    newRound(reason) {
      rounds.push(`${unit}: ${reason}`);
      return Promise.resolve({ ...held, latency: script.latency?.(unit) ?? held.latency });
    },
    onEvent: (event) => void events.push({ ...event, unit }),
  };
  await expect(runScheduler(ports, { inControl: held, signal: end.signal })).rejects.toThrow("the script is over");
  const count = (kind: SchedulerEvent["kind"]) => events.filter((event) => event.kind === kind).length;
  return { events, rounds, count };
}

test("looks at little while all is as expected", async () => {
  const { count, rounds } = await play(400, {});
  expect(count("looked") / 400).toBeLessThan(2.5 * DEFAULT_PLAN.fraction);
  expect(count("looked")).toBeGreaterThan(20);
  expect(rounds).toEqual([]);
});

test("a change asks for one new round, and is normal after it", async () => {
  const { rounds, count } = await play(600, { latency: (unit) => (unit < 200 ? 50 : 70) });
  expect(rounds).toHaveLength(1);
  expect(rounds[0]).toMatch(/slower than predicted/);
  // Found within a handful of looks, though few units are looked at.
  expect(Number(rounds[0]!.split(":")[0])).toBeLessThan(260);
  expect(count("new round")).toBe(1);
});

test("getting faster is a change as well", async () => {
  const { rounds } = await play(300, { latency: (unit) => (unit < 100 ? 50 : 35) });
  expect(rounds[0]).toMatch(/faster than predicted/);
});

describe("never in the user's way", () => {
  test("does not look while the user works, and looks after", async () => {
    const looks: number[] = [];
    const { count } = await play(30, {
      busy: (unit) => unit > 5 && unit <= 15,
      look(unit) {
        looks.push(unit);
        return { latency: 50, cost: 3e-5, requests: 20 };
      },
    });
    expect(looks.some((unit) => unit > 5 && unit <= 15)).toBe(false);
    expect(looks.some((unit) => unit > 15)).toBe(true);
    expect(count("put off")).toBe(10);
  });

  test("too few requests are no look", async () => {
    const { count } = await play(10, { look: () => undefined });
    expect([count("put off"), count("looked")]).toEqual([10, 0]);
  });
});

test("looks on a saturated machine count for nothing; always saturated asks for a round", async () => {
  const saturated = { latency: 500, cost: 3e-5, requests: 20, void: "saturated" };
  const few = await play(9, { look: () => saturated });
  expect([few.count("void"), few.rounds]).toEqual([9, []]);
  const always = await play(10, { look: () => saturated });
  expect(always.rounds).toHaveLength(1);
  expect(always.rounds[0]).toMatch(/saturated/);
});
