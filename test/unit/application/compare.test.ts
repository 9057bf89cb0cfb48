import { describe, expect, test } from "vitest";
import { compare, type ComparisonOptions, type MeasuredBlock } from "../../../extension/application/acceptance/compare.ts";
import type { WorkloadResult } from "../../../extension/application/types.ts";
import type { Arm } from "../../../extension/optimizer/decide/index.ts";
import { lognormal, mulberry32 } from "../../../extension/optimizer/random.ts";

const options: ComparisonOptions = {
  goal: "balanced",
  pairs: 30,
  mostRequests: 5_000,
  blockRequests: 20,
  alpha: 0.05,
  freshPairs: 3,
  concurrent: false,
  seed: 1,
};

interface World {
  latency: Record<Arm, number>;
  cost: Record<Arm, number>;
  /** Spread of a block's mean. */
  noise?: number;
  saturated?: (block: number, arm: Arm) => boolean;
  seed?: number;
}

/** A machine that is measured: blocks in order, with what was under way at the same time. */
function machine({ latency, cost, noise = 0.03, saturated = () => false, seed = 1 }: World) {
  const random = mulberry32(seed);
  const log: Arm[] = [];
  let running = 0;
  let most = 0;
  const measureBlock = async (arm: Arm, requests: number): Promise<MeasuredBlock> => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    running--;
    const isVoid = saturated(log.length, arm);
    log.push(arm);
    const block = {
      requests,
      errors: 0,
      latency: latency[arm] * lognormal(random, noise),
      cost: cost[arm] * lognormal(random, noise),
    };
    const result = { sent: [] } as unknown as WorkloadResult;
    return isVoid ? { block: { ...block, void: true }, void: "saturated", result } : { block, result };
  };
  return { measureBlock, log, most: () => most };
}

describe("a setup that was accepted", () => {
  test("stays when it is better, and its effect comes from blocks after the decision", async () => {
    const { measureBlock, log } = machine({ latency: { old: 100, new: 60 }, cost: { old: 4e-5, new: 3e-5 } });
    const found = await compare(measureBlock, options);
    expect(found.verdict.kind).toBe("better");
    expect(found.freshPairs).toHaveLength(3);
    expect(log).toHaveLength(2 * (found.pairs.length + 3));
    expect(found.fresh!.pairs).toBe(3);
    expect(found.fresh!.latency).toBeCloseTo(-0.4, 1);
    expect(found.results.new).toHaveLength(3);
    expect(found.requests).toBe(20 * log.length);
  });

  test("is worse when latency or cost rises, and nothing more is measured then", async () => {
    const { measureBlock } = machine({ latency: { old: 60, new: 90 }, cost: { old: 3e-5, new: 3e-5 } });
    const found = await compare(measureBlock, options);
    expect([found.verdict.kind, found.freshPairs.length, found.fresh]).toEqual(["worse", 0, undefined]);
    expect(found.pairs.length).toBeLessThan(options.pairs);
  });

  test("makes no difference when both are alike: the cap ends it", async () => {
    const { measureBlock } = machine({ latency: { old: 60, new: 60 }, cost: { old: 3e-5, new: 3e-5 } });
    const found = await compare(measureBlock, { ...options, mostRequests: 400 });
    expect(found.verdict.kind).toBe("no difference");
    expect(found.requests).toBeLessThanOrEqual(400);
  });
});

test("in turns, in a random order that repeats with the seed, never two blocks at once", async () => {
  const run = async (seed: number) => {
    const { measureBlock, log, most } = machine({ latency: { old: 60, new: 60 }, cost: { old: 1, new: 1 } });
    await compare(measureBlock, { ...options, seed, mostRequests: 800 });
    expect(most()).toBe(1);
    return log;
  };
  const first = await run(5);
  expect(await run(5)).toEqual(first);
  expect(await run(6)).not.toEqual(first);
  for (let i = 0; i < first.length; i += 2) expect(new Set([first[i], first[i + 1]])).toEqual(new Set(["old", "new"]));
  expect(new Set(first.filter((_, i) => i % 2 === 0)).size).toBe(2);
});

test("on AWS both setups at once", async () => {
  const { measureBlock, most } = machine({ latency: { old: 60, new: 30 }, cost: { old: 1, new: 1 } });
  await compare(measureBlock, { ...options, concurrent: true });
  expect(most()).toBe(2);
});

test("void blocks are counted and never judged", async () => {
  // The new setup would look ten times slower in every block that the machine was saturated in.
  const world: World = { latency: { old: 60, new: 30 }, cost: { old: 1, new: 1 }, saturated: (block) => block % 5 === 0 };
  const honest = machine(world);
  const found = await compare(async (arm, requests) => {
    const measured = await honest.measureBlock(arm, requests);
    if (measured.void) measured.block.latency *= arm === "new" ? 100 : 1;
    return measured;
  }, options);
  expect(found.verdict.kind).toBe("better");
  expect(found.voids.old.length + found.voids.new.length).toBeGreaterThan(0);
  expect(found.verdict.effect.latency).toBeLessThan(0);
});

test("a machine that is always saturated proves nothing", async () => {
  const { measureBlock } = machine({ latency: { old: 60, new: 30 }, cost: { old: 1, new: 1 }, saturated: () => true });
  const found = await compare(measureBlock, { ...options, pairs: 5 });
  expect([found.verdict.kind, found.fresh]).toEqual(["no difference", undefined]);
});

test("a cancel ends it between two blocks", async () => {
  const cancel = new AbortController();
  const { measureBlock, log } = machine({ latency: { old: 60, new: 60 }, cost: { old: 1, new: 1 } });
  const stopped = compare(
    async (arm, requests) => {
      if (log.length === 3) cancel.abort(new Error("cancelled"));
      return measureBlock(arm, requests);
    },
    { ...options, signal: cancel.signal },
  );
  await expect(stopped).rejects.toThrow("cancelled");
  expect(log.length).toBeLessThanOrEqual(4);
});
