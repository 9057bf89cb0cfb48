import { describe, expect, test } from "vitest";
import {
  afterResidual,
  afterUnit,
  averageFractionInspected,
  averageOutgoingLimit,
  FIRST_WATCH,
  looksAt,
  watch,
  type SamplingPlan,
} from "../../../../extension/optimizer/decide/index.ts";
import { chartOf, FIRST_SAMPLING, NO_CHANGE } from "../../../../extension/optimizer/decide/sampling-plan.ts";
import { mulberry32, normal } from "../../../../extension/optimizer/random.ts";

describe("continuous sampling plan", () => {
  const plan: SamplingPlan = { clearance: 5, fraction: 0.2 };

  test("looks at all until enough in a row are good, then at every fifth, and at all again after a bad one", () => {
    let state = FIRST_SAMPLING;
    const looks: boolean[] = [];
    for (let unit = 0; unit < 20; unit++) {
      const look = looksAt(state, plan);
      looks.push(look);
      state = afterUnit(state, look ? (unit === 14 ? "bad" : "good") : "skipped", plan);
    }
    const seen = looks.flatMap((look, i) => (look ? [i] : []));
    expect(seen).toEqual([0, 1, 2, 3, 4, 9, 14, 15, 16, 17, 18, 19]);
  });

  test("looks at the share that the formula says", () => {
    for (const bad of [0.01, 0.1, 0.3]) {
      const random = mulberry32(7);
      let state = FIRST_SAMPLING;
      let looked = 0;
      const units = 200_000;
      for (let i = 0; i < units; i++) {
        const look = looksAt(state, plan, random());
        if (look) looked++;
        state = afterUnit(state, look ? (random() < bad ? "bad" : "good") : "skipped", plan);
      }
      expect(Math.abs(looked / units - averageFractionInspected(bad, plan))).toBeLessThan(0.01);
    }
  });

  test("bounds what passes unseen, the less the more is looked at", () => {
    expect(averageOutgoingLimit({ clearance: 10, fraction: 0.1 })).toBeGreaterThan(
      averageOutgoingLimit({ clearance: 20, fraction: 0.2 }),
    );
    expect(averageFractionInspected(0, plan)).toBe(0.2);
    expect(averageFractionInspected(1, plan)).toBe(1);
  });
});

describe("change detection", () => {
  const rule = { deviation: 0.05, change: 0.1, falseAlarmEvery: 2_000 };
  const unitsUntilAlarm = (seed: number, shift: number, most: number) => {
    const random = mulberry32(seed);
    let state = NO_CHANGE;
    for (let unit = 1; unit <= most; unit++) {
      const observed = 100 * Math.exp(shift + 0.05 * normal(random));
      const after = afterResidual(state, { observed, predicted: 100 }, rule);
      if (after.changed) return { unit, changed: after.changed };
      state = after.state;
    }
    return { unit: most, changed: false };
  };

  test("alarms by mistake about as rarely as asked for", () => {
    const runs = 60;
    const units = Array.from({ length: runs }, (_, i) => unitsUntilAlarm(i, 0, 10_000).unit);
    const mean = units.reduce((a, b) => a + b, 0) / runs;
    expect(mean).toBeGreaterThan(1_000);
    expect(mean).toBeLessThan(4_000);
  });

  test("finds a change of 10 % within a dozen units, and says which way", () => {
    for (let i = 0; i < 50; i++) {
      const slower = unitsUntilAlarm(100 + i, Math.log(1.15), 100);
      expect(slower.changed).toBe("slower");
      expect(slower.unit).toBeLessThan(13);
      expect(unitsUntilAlarm(200 + i, Math.log(0.85), 100).changed).toBe("faster");
    }
  });

  test("what varies more needs a higher limit for the same rate of alarms", () => {
    const calm = chartOf({ ...rule, deviation: 0.05 });
    const wild = chartOf({ ...rule, deviation: 0.3 });
    expect(wild.limit).toBeGreaterThan(calm.limit);
  });
});

describe("watching an app", () => {
  const block = (latency: number, cost = 20) => ({
    latency: { observed: latency, predicted: 100, deviation: 0.05 },
    cost: { observed: cost, predicted: 20, deviation: 0.05 },
  });

  test("looks seldom while all is as predicted, and begins a new round once it is not", () => {
    let state = FIRST_WATCH;
    let looked = 0;
    for (let unit = 0; unit < 200; unit++) {
      const look = looksAt(state.sampling);
      if (look) looked++;
      const next = watch(state, look ? block(101) : undefined);
      expect(next.advice).toBe("go on");
      state = next.state;
    }
    expect(looked).toBeLessThan(0.15 * 200);
    const first = watch(state, block(125));
    expect(looksAt(first.state.sampling)).toBe(true);
    state = first.state;
    for (let unit = 0; unit < 6; unit++) {
      const next = watch(state, block(125));
      if (next.advice === "new round") {
        expect(next.reason).toBe("requests have become slower than predicted");
        return;
      }
      state = next.state;
    }
    throw new Error("the change was not found");
  });

  test("tells dearer from slower", () => {
    let state = FIRST_WATCH;
    for (let unit = 0; unit < 12; unit++) {
      const next = watch(state, block(100, 24));
      if (next.advice === "new round") {
        expect(next.reason).toMatch(/dearer/);
        return;
      }
      state = next.state;
    }
    throw new Error("the change was not found");
  });
});
