/** Error control of comparisons, over thousands of simulated ones in which nothing, or something known, differs. */
import { describe, expect, test } from "vitest";
import {
  alphaOfDecision,
  blockOrder,
  confidence,
  decide,
  effectOf,
  judge,
  planComparison,
  type Block,
  type BlockPair,
} from "../../../../extension/optimizer/decide/index.ts";
import { mulberry32, normal } from "../../../../extension/optimizer/random.ts";

interface World {
  /** Of single requests. */
  variation: number;
  /** New against old, shares. */
  latency: number;
  cost: number;
  blockRequests: number;
  /** Share by which everything becomes slower from the first pair to the last. */
  drift?: number;
  /** Of the machine's state from one block to the next, with a deviation of `wobble`. */
  correlation?: number;
  wobble?: number;
  errors?: { old: number; new: number };
  random: () => number;
}

/** Requests follow an AR(1) of integrated time 2.2; a request counts as slow above the old setup's p95. */
function simulate(pairs: number, seed: number, world: World): BlockPair[] {
  const { random, variation, drift = 0, correlation = 0, wobble = 0 } = world;
  const step = 0.375;
  let state = 0;
  let machine = wobble * normal(random);
  return blockOrder(pairs, seed).map((order, i) => {
    const pair: Partial<Record<"old" | "new", Block>> = {};
    for (const arm of order) {
      machine = correlation * machine + Math.sqrt(1 - correlation ** 2) * wobble * normal(random);
      const factor = (1 + (drift * i) / Math.max(1, pairs - 1)) * Math.exp(machine);
      const effect = arm === "new" ? world : { latency: 0, cost: 0 };
      let sum = 0;
      let slow = 0;
      for (let k = 0; k < world.blockRequests; k++) {
        state = step * state + Math.sqrt(1 - step ** 2) * normal(random);
        const latency = 100 * factor * (1 + effect.latency) * Math.max(0.05, 1 + variation * state);
        sum += latency;
        if (latency > 100 * (1 + 1.645 * variation)) slow++;
      }
      const chance = world.errors?.[arm] ?? 0;
      pair[arm] = {
        requests: world.blockRequests,
        errors: Array.from({ length: world.blockRequests }, () => random()).filter((x) => x < chance).length,
        latency: sum / world.blockRequests,
        cost: 20e-6 * factor * (1 + effect.cost) * (1 + (0.5 * variation * normal(random)) / Math.sqrt(world.blockRequests)),
        slow: slow / world.blockRequests,
      };
    }
    return pair as BlockPair;
  });
}

/** Judged after every pair, as it would be. */
function decided(pairs: BlockPair[], cap: number, goal: Parameters<typeof judge>[1]["goal"] = "balanced") {
  for (let n = 1; n <= pairs.length; n++) {
    const verdict = decide(pairs.slice(0, n), { goal, cap });
    if (verdict.kind !== "undecided") return { ...verdict, pairs: n };
  }
  throw new Error("not decided at the cap");
}

/** The long form makes 2,000 runs of each. */
const LONG = process.env.FUSIONIZE_LONG === "1";

const share = (count: number, of: number) => count / of;
/** Upper end of what a share `p` gives by chance in `n` runs (three standard errors). */
const atMost = (p: number, n: number) => p + 3 * Math.sqrt((p * (1 - p)) / n);

describe("no difference at all, looked at after every pair", () => {
  const worlds: Record<string, Omit<World, "random" | "latency" | "cost" | "blockRequests">> = {
    "CV 0.05": { variation: 0.05 },
    "CV 0.4": { variation: 0.4 },
    "CV 0.05, 28 % drift, machine correlated 0.9 from block to block": {
      variation: 0.05,
      drift: 0.28,
      correlation: 0.9,
      wobble: 0.05,
    },
    "CV 0.4, 28 % drift, machine correlated 0.9 from block to block": {
      variation: 0.4,
      drift: 0.28,
      correlation: 0.9,
      wobble: 0.1,
    },
  };
  test.for(Object.entries(worlds))("%s: accepted, or rolled back, in at most 5 %% of the runs each", ([, world]) => {
    const runs = LONG ? 2000 : 500;
    const counts = { better: 0, worse: 0, "no difference": 0, undecided: 0 };
    for (let i = 0; i < runs; i++) {
      const pairs = simulate(24, i, { ...world, latency: 0, cost: 0, blockRequests: 20, random: mulberry32(1e6 + i) });
      counts[decided(pairs, 24).kind]++;
    }
    expect(share(counts.better, runs)).toBeLessThan(atMost(0.05, runs));
    expect(share(counts.worse, runs)).toBeLessThan(atMost(0.05, runs));
  });

  test("a comparison of means that is peeked at, old blocks first, is fooled by the same drift every time", () => {
    let fooled = 0;
    for (let i = 0; i < 200; i++) {
      const random = mulberry32(i);
      const values = Array.from({ length: 48 }, (_, k) => (1 + (0.28 * k) / 47) * (1 + 0.01 * normal(random)));
      const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
      if (mean(values.slice(24)) / mean(values.slice(0, 24)) > 1.05) fooled++;
    }
    expect(fooled).toBe(200);
  });
});

describe("a difference of 5 %", () => {
  test.for([
    ["CV 0.05", 0.05, 20],
    ["CV 0.1", 0.1, 40],
    ["CV 0.4", 0.4, 50],
  ] as const)("is found with power 0.9 within the planned cap at %s", ([, variation, blockRequests]) => {
    const { pairs: cap, requests } = planComparison({ effect: 0.05, variation, blockRequests });
    expect(requests).toBe(2 * cap * blockRequests);
    const runs = 200;
    let found = 0;
    for (let i = 0; i < runs; i++) {
      const random = mulberry32(7e6 + i);
      const pairs = simulate(cap, i, { variation, latency: -0.05, cost: 0, blockRequests, random });
      if (decided(pairs, cap, "latency").kind === "better") found++;
    }
    expect(share(found, runs)).toBeGreaterThan(0.9);
  });

  test("takes no more than three times the requests of a fixed plan (216 per setup for 2 % at CV 0.05)", () => {
    const used = Array.from({ length: 100 }, (_, i) => {
      const random = mulberry32(9e6 + i);
      const pairs = simulate(200, i, { variation: 0.05, latency: -0.02, cost: 0, blockRequests: 24, random });
      const { kind, pairs: n } = decided(pairs, 200, "latency");
      expect(["better", "no difference"]).toContain(kind);
      return n * 24;
    }).sort((a, b) => a - b);
    expect(used[50]).toBeLessThanOrEqual(3 * 216);
  });
});

describe("a true regression is rolled back", () => {
  test.for([
    ["20 % slower", { latency: 0.2, cost: 0 }],
    ["20 % dearer", { latency: 0, cost: 0.2 }],
    ["faster, but 30 % dearer", { latency: -0.1, cost: 0.3 }],
  ] as const)("%s: within 20 pairs of 20 requests in 95 %% of the runs", ([, effect]) => {
    let back = 0;
    for (let i = 0; i < 200; i++) {
      const pairs = simulate(20, i, { ...effect, variation: 0.1, blockRequests: 20, random: mulberry32(3e6 + i) });
      if (decided(pairs, 20).kind === "worse") back++;
    }
    expect(back).toBeGreaterThanOrEqual(190);
  });

  test("errors: one request in ten fails, within three pairs", () => {
    let back = 0;
    for (let i = 0; i < 200; i++) {
      const world = { variation: 0.1, latency: -0.3, cost: 0, blockRequests: 50, errors: { old: 0, new: 0.1 } };
      const verdict = decided(simulate(20, i, { ...world, random: mulberry32(4e6 + i) }), 20);
      if (verdict.kind === "worse" && verdict.pairs <= 3) back++;
    }
    expect(back).toBeGreaterThanOrEqual(190);
  });
});

describe("what is reported", () => {
  test("confidence sequences hold the true effect at every moment in 95 % of the runs", () => {
    let missed = 0;
    for (let i = 0; i < 100; i++) {
      const random = mulberry32(5e6 + i);
      const differences = Array.from({ length: 25 }, () => -0.05 + 0.05 * normal(random));
      for (let n = 1; n <= 25; n++) {
        const { low, high } = confidence(differences.slice(0, n), 0.05);
        if (low > -0.05 || high < -0.05) {
          missed++;
          break;
        }
      }
    }
    expect(share(missed, 100)).toBeLessThan(atMost(0.05, 100));
  });

  test("the effect of the pairs that decided flatters; that of fresh pairs does not", () => {
    const world = { variation: 0.2, latency: -0.05, cost: 0, blockRequests: 20 };
    const stopped: number[] = [];
    const fresh: number[] = [];
    for (let i = 0; i < 300; i++) {
      const random = mulberry32(6e6 + i);
      const pairs = simulate(60, i, { ...world, random });
      const verdict = decided(pairs, 60, "latency");
      if (verdict.kind !== "better") continue;
      stopped.push(effectOf(pairs.slice(0, verdict.pairs)).latency);
      fresh.push(effectOf(simulate(10, i + 1, { ...world, random })).latency);
    }
    const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
    expect(stopped.length).toBeGreaterThan(150);
    expect(mean(stopped)).toBeLessThan(-0.055);
    expect(Math.abs(mean(fresh) + 0.05)).toBeLessThan(0.008);
  });

  test("void blocks are counted and judged by nobody; too many end the comparison", () => {
    const random = mulberry32(1);
    const pairs = simulate(12, 1, { variation: 0.05, latency: -0.5, cost: 0, blockRequests: 20, random });
    const spoiled = pairs.map((pair) => ({ ...pair, new: { ...pair.new, void: true } }));
    const verdict = judge(spoiled, { goal: "latency", cap: 12 });
    expect(verdict).toMatchObject({ kind: "no difference", void: { old: 0, new: 12 }, effect: { pairs: 0 } });
    expect(verdict.reasons[0]).toMatch(/saturated more often under the new setup/);
  });

  test("a goal that the old setup misses: fewer slow requests decide, whatever the cost's small change", () => {
    const random = mulberry32(2);
    const pairs = simulate(30, 2, { variation: 0.1, latency: -0.3, cost: 0.02, blockRequests: 50, random });
    const slow = pairs.map((pair) => ({ old: { ...pair.old, slow: 0.4 + 0.1 * random() }, new: { ...pair.new, slow: 0.02 } }));
    const goal = { minimize: "cost", latency: { p95: 90 } } as const;
    const run = (oldMisses: boolean) => judge(slow, { goal, cap: 30, oldMisses });
    expect(run(true).kind).toBe("better");
    expect(run(false).kind).not.toBe("better");
  });

  test("the error budget of all decisions on one app together stays within alpha", () => {
    const total = Array.from({ length: 10_000 }, (_, i) => alphaOfDecision(i + 1)).reduce((a, b) => a + b, 0);
    expect(total).toBeLessThanOrEqual(0.05);
    expect(total).toBeGreaterThan(0.0499);
  });
});
