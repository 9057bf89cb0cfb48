import { describe, expect, test } from "vitest";
import {
  allInOne,
  allRemote,
  evaluate,
  greedyCriticalEdge,
  optimize,
  paperHeuristic,
  perFunctionTuning,
  waitingMemoryStep,
} from "../../../extension/optimizer/index.ts";
import { iot, tree } from "./profiles/papers.ts";

describe("IoT, the papers' application", () => {
  const profile = iot();
  const papers = paperHeuristic(profile);
  const final = evaluate(profile, papers.setup);

  test("the papers' heuristic reaches their setup, one call or one size a deployment", () => {
    expect(papers.setup.I).toEqual({ memory: 128, inline: ["CW", "SE"] });
    expect(papers.setup.CS!.inline).toEqual(["CSA", "CSL"]);
    expect(papers.setup.CA!.inline).toEqual(["DJ"]);
    // Base, five calls, six sizes, the choice.
    expect(papers.steps).toHaveLength(13);
    expect(final.invocations).toBe(6);
  });

  test("at most 0.40 of the latency of their final setup at no higher cost, proven optimal in the model", () => {
    const { suggestion, exact } = optimize(profile, { goal: "balanced", current: papers.setup });
    expect(exact).toBe(true);
    expect(suggestion!.expected.latency.mean).toBeLessThanOrEqual(0.4 * final.latency.mean);
    expect(suggestion!.expected.costPerMillion).toBeLessThanOrEqual(final.costPerMillion);
  });

  test("no baseline lies below the front", () => {
    const { front } = optimize(profile, { goal: "balanced" });
    const baselines = [
      allRemote(profile),
      allInOne(profile, 1769),
      papers.setup,
      waitingMemoryStep(profile, papers.setup).setup,
      perFunctionTuning(profile),
      greedyCriticalEdge(profile),
    ];
    for (const setup of baselines) {
      const { latency, costPerMillion } = evaluate(profile, setup);
      const beaten = front.some(
        (point) => point.latency.mean <= latency.mean + 1e-9 && point.costPerMillion <= costPerMillion + 1e-9,
      );
      expect(beaten, JSON.stringify(setup)).toBe(true);
    }
  });

  test("the step the papers miss: more memory only for the function that the client waits for", () => {
    const step = waitingMemoryStep(profile, papers.setup);
    expect(step.setup.I!.memory).toBeGreaterThan(128);
    expect(step.setup.CT).toEqual(papers.setup.CT);
    expect(step.evaluation.latency.mean).toBeLessThan(0.5 * final.latency.mean);
    expect(step.evaluation.costPerMillion).toBeLessThan(1.03 * final.costPerMillion);
  });

  test("the suggestion says in words who waited and paid, and what changes", () => {
    const { suggestion } = optimize(profile, { goal: "balanced", current: {} });
    const { title, reasons, changes, flips } = suggestion!;
    expect(title).toContain("`CW` and `SE` into `I`");
    expect(reasons.join("\n")).toMatch(/`\w+` waited, and paid, [\d.]+ ms per request for `\w+`/);
    expect(reasons.join("\n")).toMatch(/invocations fewer per request save \$1\.40 per million/);
    expect(changes.find(({ task }) => task === "I")!.message).toMatch(/run `CW` and `SE` inside `I`, 512 MB instead of 128 MB/);
    expect(flips.length).toBeGreaterThan(0);
  });
});

describe("TREE, where little is left", () => {
  const profile = tree();

  test("nothing is suggested against the papers' final setup", () => {
    expect(optimize(profile, { goal: "balanced", current: paperHeuristic(profile).setup }).suggestion).toBeUndefined();
  });

  test("all remote is improved", () => {
    const { suggestion } = optimize(profile, { goal: "balanced", current: {} });
    expect(suggestion!.expected.costPerMillion).toBeLessThan(0.75 * suggestion!.current.costPerMillion);
    expect(suggestion!.expected.latency.mean).toBeLessThan(suggestion!.current.latency.mean);
  });
});

describe("goals", () => {
  const profile = iot();

  test("balanced is worse than now in neither, whatever is there now", () => {
    for (const { setup } of optimize(profile, { goal: "balanced" }).front) {
      const { suggestion } = optimize(profile, { goal: "balanced", current: setup });
      if (!suggestion) continue;
      expect(suggestion.expected.latency.mean).toBeLessThanOrEqual(suggestion.current.latency.mean * 1.002);
      expect(suggestion.expected.costPerMillion).toBeLessThanOrEqual(suggestion.current.costPerMillion * 1.002);
    }
  });

  test("latency, cost, and cost within a limit pick their ends of the front", () => {
    // TREE's ends are 50 % apart in cost.
    const pick = (goal: Parameters<typeof optimize>[1]["goal"]) => optimize(tree(), { goal, current: {} }).suggestion!.expected;
    const fast = pick("latency");
    const cheap = pick("cost");
    const limit = (fast.latency.mean + cheap.latency.mean) / 2;
    const limited = pick({ minimize: "cost", latency: { mean: limit } });
    expect(fast.latency.mean).toBeLessThan(limited.latency.mean);
    expect(limited.latency.mean).toBeLessThanOrEqual(limit);
    expect(limited.costPerMillion).toBeLessThan(fast.costPerMillion);
    expect(cheap.costPerMillion).toBeLessThan(limited.costPerMillion);
  });
});
