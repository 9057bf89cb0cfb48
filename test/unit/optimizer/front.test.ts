import { describe, expect, test } from "vitest";
import { optimize } from "../../../extension/optimizer/index.ts";
import { bruteForce } from "./support/brute-force.ts";
import { randomProfile, type Shape } from "./support/random-profile.ts";

const shapes: Record<string, Shape> = {
  trees: { tasks: 4, sizes: [128, 512, 1769], shared: 0, async: 0, parallel: 0 },
  "trees with repeated and rare calls": { tasks: 4, sizes: [128, 512, 1769], shared: 0, async: 0.3, parallel: 0, times: 0.5 },
  "asynchronous calls, floors, tasks kept apart": {
    tasks: 4,
    sizes: [128, 512],
    shared: 0,
    async: 0.4,
    parallel: 0,
    floors: 0.3,
    apart: 0.3,
  },
  "shared callees": { tasks: 4, sizes: [128, 1024], shared: 0.6, async: 0, parallel: 0 },
  "shared callees called both ways": {
    tasks: 4,
    sizes: [128, 1024],
    shared: 0.6,
    async: 0.4,
    parallel: 0,
    times: 0.3,
    floors: 0.2,
    apart: 0.2,
  },
  "parallel branches": { tasks: 4, sizes: [128, 512, 2048], shared: 0, async: 0.2, parallel: 1 },
  "parallel branches with shared callees": { tasks: 4, sizes: [128, 2048], shared: 0.6, async: 0.3, parallel: 1, times: 0.2 },
  "five tasks": { tasks: 5, sizes: [128, 1769], shared: 0.2, async: 0.3, parallel: 0.5 },
};

describe("the front is that of all setups tried one by one", () => {
  test.for(Object.entries(shapes))("%s", ([, shape]) => {
    // Work that may contend for one thread inside a host proves nothing; what is not proven must hold its gaps: see below.
    const contends = shape.parallel > 0 || shape.async > 0;
    let compared = 0;
    for (let seed = 1; compared < 30; seed++) {
      expect(seed).toBeLessThan(200);
      const profile = randomProfile(seed, shape);
      const { front, exact } = optimize(profile, { goal: "balanced" });
      if (!contends) expect(exact).toBe(true);
      if (!exact) continue;
      const all = bruteForce(profile, 4_000);
      if (!all) continue;
      compared++;
      expect(front.every(({ gap }) => gap.latency === 0 && gap.cost === 0)).toBe(true);
      const values = (points: typeof all) => points.map(({ latency, costPerMillion }) => [latency.mean, costPerMillion]);
      expectFront(values(front), values(all), seed);
    }
  });
});

/** Equal up to 1e-9; points that differ by rounding alone count as one. */
function expectFront(found: number[][], expected: number[][], seed: number): void {
  const reached = (by: number[][], [latency, cost]: number[]) =>
    by.some(([l, c]) => l! <= latency! * (1 + 1e-9) && c! <= cost! * (1 + 1e-9));
  expect(
    expected.filter((point) => !reached(found, point)),
    `missed, seed ${seed}`,
  ).toEqual([]);
  expect(
    found.filter((point) => !reached(expected, point)),
    `better than possible, seed ${seed}`,
  ).toEqual([]);
}

describe("a search that proves nothing, cut short or not,", () => {
  test.for([
    ["short of branches", { nodes: 1 }, { shared: 0.9, parallel: 0.5 }],
    ["short of states", { stateLimit: 2 }, { shared: 0.3, parallel: 0 }],
    ["short of combinations of parallel work", { regionLimit: 2 }, { shared: 0, parallel: 1 }],
    ["with work that contends for the thread", {}, { shared: 0, parallel: 1, contention: true }],
  ] as const)("%s: prints gaps that are never below the true ones", ([, budget, shape]) => {
    let cut = 0;
    for (let seed = 1; seed <= 150 && cut < 20; seed++) {
      const profile = randomProfile(seed, { tasks: 4, sizes: [128, 512, 1769], async: 0.2, ...shape });
      const { front, exact } = optimize(profile, { goal: "balanced", budget });
      if (exact) continue;
      const all = bruteForce(profile, 4_000);
      if (!all) continue;
      cut++;
      for (const { latency, costPerMillion, gap } of front) {
        const noDearer = all.filter((one) => one.costPerMillion <= costPerMillion * (1 + 1e-9));
        const noSlower = all.filter((one) => one.latency.mean <= latency.mean * (1 + 1e-9));
        const fastest = Math.min(...noDearer.map((one) => one.latency.mean));
        const cheapest = Math.min(...noSlower.map((one) => one.costPerMillion));
        expect(gap.latency, `seed ${seed}`).toBeGreaterThanOrEqual(1 - fastest / latency.mean - 1e-9);
        expect(gap.cost, `seed ${seed}`).toBeGreaterThanOrEqual(1 - cheapest / costPerMillion - 1e-9);
      }
    }
    expect(cut).toBeGreaterThan(4);
  });
});
