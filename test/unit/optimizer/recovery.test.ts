import { describe, expect, test } from "vitest";
import { buildTraces, profileFrom } from "../../../extension/monitoring/index.ts";
import { evaluate, optimize, type ApplicationProfile, type Step } from "../../../extension/optimizer/index.ts";
import { iot } from "./profiles/papers.ts";
import { simulateApp } from "./simulator/app.ts";

/** The IoT app called through the Invoke API. */
function app(): ApplicationProfile {
  const profile = iot();
  profile.platform.sync = { cpuMs: 2, waitMs: 8 };
  profile.platform.async = { cpuMs: 2, waitMs: 8 };
  profile.platform.handler = { cpuMs: 2, waitMs: 0 };
  profile.platform.billingStepMs = 1;
  return profile;
}

const noise = { cpu: 0.05, wait: 0.2 };
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const learn = (setup: Parameters<typeof simulateApp>[1], seed: number, requests = 60) => {
  const { records, reports } = simulateApp(app(), setup, { requests, seed, noise });
  return profileFrom(buildTraces(records, reports));
};
const cpuOf = (steps: Step[]): number =>
  steps.reduce(
    (sum, step) => sum + ("cpu" in step ? step.cpu : "parallel" in step ? step.parallel.reduce((s, b) => s + cpuOf(b), 0) : 0),
    0,
  );
const shapeOf = (steps: Step[]): unknown[] =>
  steps.flatMap((step): unknown[] =>
    "call" in step
      ? [`${step.call}${step.async ? "~" : ""}${step.times ?? ""}`]
      : "parallel" in step
        ? [step.parallel.map(shapeOf)]
        : [],
  );

describe("a profile learned from records of a separate simulator (base setup, 128 MB)", () => {
  const { profile, notes } = learn({}, 1);
  const truth = app();

  test("has every task's CPU work within 2 %", () => {
    for (const [name, { program }] of Object.entries(truth.tasks)) {
      expect(cpuOf(profile.tasks[name]!.program), name).toBeCloseTo(
        cpuOf(program),
        -Math.log10(Math.max(0.1, cpuOf(program) * 0.04)),
      );
    }
  });

  test("has the calls in order, kind and parallel structure", () => {
    for (const [name, { program }] of Object.entries(truth.tasks))
      expect(shapeOf(profile.tasks[name]!.program), name).toEqual(shapeOf(program));
  });

  test("separates a hop's CPU from its wait", () => {
    const { sync, async, handler } = profile.platform;
    for (const hop of [sync, async]) {
      expect(hop.cpuMs).toBeGreaterThan(1.96);
      expect(hop.cpuMs).toBeLessThan(2.04);
      expect(hop.waitMs).toBeGreaterThan(4);
      expect(hop.waitMs).toBeLessThan(12);
    }
    expect(handler!.cpuMs).toBeGreaterThan(1.5);
    expect(handler!.cpuMs).toBeLessThan(2.5);
  });

  test("names what it cannot know", () => {
    expect(notes.join("\n")).toMatch(/Use worker threads.*AS, CT, DJ/);
    expect(notes.join("\n")).toMatch(/At 128 MB the CPU quota hides/);
    expect(notes.join("\n")).toMatch(/No cold start was measured/);
  });

  const unseen = {
    "the papers' final setup": {
      I: { memory: 128, inline: ["CW", "SE"] },
      CS: { memory: 128, inline: ["CSL", "CSA"] },
      CA: { memory: 128, inline: ["DJ"] },
      CT: { memory: 1024 },
      AS: { memory: 1650 },
    },
    "everything remote at 768 MB": Object.fromEntries(Object.keys(truth.tasks).map((task) => [task, { memory: 768 }])),
  };
  test.for(Object.entries(unseen))("predicts %s: latency within 10 %%, cost within 7 %%", ([, setup]) => {
    const { latencies, cost } = simulateApp(truth, setup, { requests: 60, seed: 7, noise });
    const predicted = evaluate(profile, setup);
    expect(Math.abs(predicted.latency.mean / mean(latencies) - 1)).toBeLessThan(0.1);
    expect(Math.abs(predicted.costPerMillion / (cost * 1e6) - 1)).toBeLessThan(0.07);
  });

  test("leads to a setup that really has less than half the latency at lower cost", () => {
    const { suggestion } = optimize(profile, { goal: "balanced" });
    const before = simulateApp(truth, {}, { requests: 60, seed: 8, noise });
    const after = simulateApp(truth, suggestion!.setup, { requests: 60, seed: 8, noise });
    expect(mean(after.latencies)).toBeLessThan(0.5 * mean(before.latencies));
    expect(after.cost).toBeLessThan(before.cost);
  });
});

describe("a profile learned from a fused setup", () => {
  const fused = {
    I: { memory: 768, inline: ["CW", "SE"] },
    CS: { memory: 512, inline: ["CSL", "CSA"] },
    CA: { memory: 1769, inline: ["DJ"], inlineAsync: ["AS"] },
    CT: { memory: 3538, inlineAsync: ["AS"] },
  };
  const { profile, notes } = learn(fused, 2);
  const truth = app();

  test("finds inlined tasks' work within 5 %, and threads where they had two vCPUs", () => {
    for (const task of ["SE", "DJ", "CT"]) {
      expect(Math.abs(cpuOf(profile.tasks[task]!.program) / cpuOf(truth.tasks[task]!.program) - 1), task).toBeLessThan(0.05);
    }
    expect(profile.tasks.CT!.program).toContainEqual(expect.objectContaining({ threads: 2 }));
  });

  test("says that tasks which ran beside others in one process are only known together", () => {
    expect(notes.join("\n")).toMatch(/only the sum of their CPU is known.*CSA, CSL/);
  });

  test("still knows which calls are asynchronous and how waits go", () => {
    expect(shapeOf(profile.tasks.CA!.program)).toEqual(["DJ", "AS~"]);
    const wait = profile.tasks.SE!.program.find((step) => "wait" in step) as { wait: number };
    expect(Math.abs(wait.wait - 12)).toBeLessThan(1.5);
  });
});

describe("calls that not every run makes", () => {
  test("have their mean number as times", () => {
    const truth = app();
    truth.tasks.CT!.program = [{ cpu: 20 }, { call: "AS", async: true, times: 0.3 }];
    truth.tasks.CS!.program = [{ call: "CSA", times: 2.5 }];
    truth.tasks.AS!.program = [{ cpu: 5 }];
    truth.tasks.DJ!.program = [{ cpu: 5 }];
    const { records, reports } = simulateApp(truth, {}, { requests: 300, seed: 5, noise });
    const { profile } = profileFrom(buildTraces(records, reports));
    const times = (task: string) => (profile.tasks[task]!.program.find((step) => "call" in step) as { times?: number }).times!;
    expect(Math.abs(times("CT") - 0.3)).toBeLessThan(0.08);
    expect(Math.abs(times("CS") - 2.5)).toBeLessThan(0.1);
  });
});

describe("records lost and repeated", () => {
  test("are counted, and the cost of a lost call is not averaged away", () => {
    const { records, reports } = simulateApp(app(), {}, { requests: 40, seed: 3, noise });
    const dropped = records.filter((record) => record.function === "DJ").slice(0, 10);
    const doubled = records.filter((record) => record.function === "AS").slice(0, 5);
    const traces = buildTraces([...records.filter((record) => !dropped.includes(record)), ...doubled], reports);
    expect(traces.flatMap((trace) => trace.lost)).toHaveLength(10);
    expect(traces.flatMap((trace) => trace.lost).every(({ task, caller }) => task === "DJ" && caller === "CA")).toBe(true);
    expect(traces.reduce((sum, trace) => sum + trace.duplicates, 0)).toBe(5);
    const { profile, notes } = profileFrom(traces);
    expect(notes.join("\n")).toMatch(/10 records were lost \(DJ\)/);
    const whole = profileFrom(buildTraces(records, reports)).profile;
    expect(evaluate(profile, {}).costPerMillion / evaluate(whole, {}).costPerMillion).toBeCloseTo(1, 2);
  });
});
