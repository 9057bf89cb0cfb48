import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { estimateMonthly, estimateText } from "../../../extension/application/estimate.ts";
import { appendMeasurement } from "../../../extension/application/history.ts";
import type { App } from "../../../extension/application/types.ts";
import type { Measurement } from "../../../extension/core/measurement.ts";
import { logCost } from "../../../extension/monitoring/log-prices.ts";
import { sampleConfig } from "../deployment/sample-app.ts";

let app: App;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-estimate-"));
  const graph = { tasks: [], calls: [], diagnostics: [] };
  const rest = { setup: {}, setupId: "new", functions: [], diagnostics: [], setupFile: join(folder, "fusionize.json") };
  app = { folder, config: sampleConfig(), graph, ...rest };
});
afterEach(() => rm(app.folder, { recursive: true, force: true }));

const measured = (setupId: string, costPerMillion: number, invocationsPerRequest: number, more: Partial<Measurement> = {}) =>
  appendMeasurement(app, {
    setupId,
    setup: {},
    costPerMillion,
    invocationsPerRequest,
    target: "local",
    cold: false,
    ...more,
  } as Measurement);

it("is nothing without requests, and unknown with them while nothing is measured", async () => {
  const estimate = await estimateMonthly(app, { live: undefined, setupId: "new" }, { target: "aws" });
  expect(estimate).toMatchObject({ idle: 0, requestsPerMonth: 1_000_000, after: undefined, change: undefined });
  expect(estimateText(estimate)).toBe(
    "Without requests it costs $0.00. With requests: not known, no workload has been measured yet.",
  );
});

it("compares what is live with what would be, by their measurements", async () => {
  await measured("old", 10, 4);
  await measured("new", 6, 2);
  const live = { release: "r1", setupId: "old" };
  const estimate = await estimateMonthly(app, { live, setupId: "new" }, { target: "aws", requestsPerMonth: 2_000_000 });
  expect([estimate.before!.lambda, estimate.after!.lambda]).toEqual([20, 12]);
  // Half the invocations, half the platform's lines; nothing is known of records.
  expect(estimate.before!.logs).toBeCloseTo(2 * estimate.after!.logs, 9);
  expect(estimate.after!.monitoring).toBe(0);
  expect(estimate.change).toBeCloseTo(estimate.after!.total - estimate.before!.total, 9);
  expect(estimateText(estimate)).toMatch(
    /^Without requests it costs \$0\.00\. With 2,000,000 requests a month: \$\d+\.\d\d \(Lambda \$12\.00, .*measured\), −\$\d+\.\d\d to \$\d+\.\d\d now\.$/,
  );
});

it("prefers what was measured there to what was measured here, and leaves out cold runs and the emulator without AWS's delays", async () => {
  await measured("new", 6, 2, { target: "aws" });
  await measured("new", 7, 2);
  await measured("new", 100, 2, { cold: true });
  await measured("new", 200, 2, { fidelity: "fast" });
  const lambda = async (target: "local" | "aws") =>
    (await estimateMonthly(app, { live: undefined, setupId: "new" }, { target })).after!.lambda;
  expect([await lambda("aws"), await lambda("local")]).toEqual([6, 7]);
});

it("counts what is live as unknown when it was never measured, not as free", async () => {
  await measured("new", 6, 2);
  const estimate = await estimateMonthly(app, { live: { release: "r1", setupId: "old" }, setupId: "new" }, { target: "aws" });
  expect([estimate.before, estimate.change]).toEqual([undefined, undefined]);
  expect(estimateText(estimate)).toContain("what is live now is not measured");
});

it("prices logs by what is collected and how long it is kept", () => {
  expect(logCost(1e9, 0)).toBeCloseTo(0.63, 9);
  expect(logCost(1e9, 30)).toBeCloseTo(0.63 + 0.0324 * 0.15, 9);
});
