import { describe, expect, test } from "vitest";
import { nextExperiment, type Outlook } from "../../../../extension/optimizer/decide/index.ts";
import { mulberry32, normal } from "../../../../extension/optimizer/random.ts";

/** Draws of outlooks: means, and how far each candidate's latency is uncertain (shared: the same error for all). */
function outlooks(means: Outlook[], own: number[], shared = 0, draws = 100): Outlook[][] {
  const random = mulberry32(3);
  return Array.from({ length: draws }, () => {
    const common = shared * normal(random);
    return means.map(({ latency, cost }, i) => ({ latency: latency * Math.exp(common + own[i]! * normal(random)), cost }));
  });
}
const now = { latency: 100, cost: 20 };

describe("the next deployment", () => {
  test("compares what is surely better at once", () => {
    const draws = outlooks([now, { latency: 40, cost: 19 }, { latency: 90, cost: 20 }], [0.02, 0.02, 0.02], 0.2);
    expect(nextExperiment({ goal: "balanced", outlooks: draws, deployments: 1 })).toMatchObject({
      kind: "compare",
      candidate: 1,
    });
  });

  test("stops where nothing is expected to be better", () => {
    const draws = outlooks([now, { latency: 99.5, cost: 20 }, { latency: 70, cost: 60 }], [0.02, 0.02, 0.02]);
    const advice = nextExperiment({ goal: "balanced", outlooks: draws, deployments: 1 });
    expect(advice).toMatchObject({ kind: "stop" });
    expect((advice as { reason: string }).reason).toMatch(/no setup is expected to be better/);
  });

  test("measures what could change the choice when that is open", () => {
    const draws = outlooks([now, { latency: 60, cost: 20 }, { latency: 62, cost: 20 }], [0.01, 0.01, 0.3]);
    const advice = nextExperiment({ goal: "latency", outlooks: draws, deployments: 1 });
    expect(advice).toMatchObject({ kind: "experiment", candidate: 2 });
    expect((advice as { worth: number }).worth).toBeGreaterThan(0.02);
  });

  test("makes no experiment that may do harm", () => {
    const draws = outlooks([now, { latency: 60, cost: 20 }, { latency: 62, cost: 20 }], [0.01, 0.01, 0.6]);
    const advice = nextExperiment({ goal: "latency", outlooks: draws, deployments: 1 });
    expect(advice).not.toMatchObject({ candidate: 2 });
  });

  test("comes to an end: four deployments at most, the start included", () => {
    const draws = outlooks([now, { latency: 60, cost: 20 }, { latency: 62, cost: 20 }], [0.01, 0.01, 0.3]);
    const of = (deployments: number) => nextExperiment({ goal: "latency", outlooks: draws, deployments }).kind;
    expect([1, 2, 3, 4].map(of)).toEqual(["experiment", "experiment", "compare", "stop"]);
  });

  test("a limit that is missed weighs more than any gain", () => {
    const means = [now, { latency: 80, cost: 5 }, { latency: 50, cost: 19 }];
    const draws = outlooks(means, [0.01, 0.01, 0.01]).map((draw) =>
      draw.map((one) => ({ ...one, meetsLimit: one.latency < 60 })),
    );
    const goal = { minimize: "cost", latency: { p95: 60 } } as const;
    expect(nextExperiment({ goal, outlooks: draws, deployments: 1 })).toMatchObject({ kind: "compare", candidate: 2 });
  });
});
