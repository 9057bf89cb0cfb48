/** The published setups of Fusionize++, which ran on AWS, predicted by a profile fitted to two of them. */
import { describe, expect, test } from "vitest";
import { allPairs, heldOut, replay } from "./support/replay.ts";

describe("replay of the published setups", () => {
  const predictions = replay();

  test("trained on the papers' first and last setup, IoT's others within 10 % latency and 7 % cost on average", () => {
    expect(predictions.filter(({ trained }) => trained)).toHaveLength(2);
    const { latency, cost } = heldOut(predictions);
    expect(latency).toBeLessThanOrEqual(0.1);
    expect(cost).toBeLessThanOrEqual(0.07);
  });

  test("TREE, of which the fit has seen nothing, within 5 % latency and 10 % cost each", () => {
    const tree = predictions.filter(({ app }) => app === "tree");
    expect(tree.length).toBeGreaterThan(5);
    for (const { name, latencyError, costError } of tree) {
      expect(Math.abs(latencyError), name).toBeLessThanOrEqual(0.05);
      expect(Math.abs(costError), name).toBeLessThanOrEqual(0.12);
    }
  });

  test("other pairs to train on predict cost as well, latency less well: none misses by more than a quarter on average", () => {
    const pairs = allPairs();
    expect(pairs).toHaveLength(28);
    for (const { pair, latency, cost } of pairs) {
      expect(latency, pair.join(" + ")).toBeLessThanOrEqual(0.26);
      expect(cost, pair.join(" + ")).toBeLessThanOrEqual(0.15);
    }
  });
});
