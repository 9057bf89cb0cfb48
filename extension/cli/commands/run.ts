/** `fusionize run`: deploy, send requests, measure. */
import { readFile } from "node:fs/promises";
import { loadApp, assertUsable } from "../../application/app.ts";
import { readEvent, workloadEvents } from "../../application/events.ts";
import { startLocal } from "../../application/local-run.ts";
import type { App } from "../../application/types.ts";
import { UserError } from "../../core/errors.ts";
import type { Measurement } from "../../core/measurement.ts";
import { resolveSetup } from "../../core/resolve.ts";
import { notation } from "../../core/setup-notation.ts";
import type { FusionSetup } from "../../core/setup.ts";
import type { Run } from "../main.ts";
import { dollars, milliseconds, table } from "../output.ts";
import { AWS_ONLY, UsageError, type Parsed } from "../usage.ts";
import { measureOnAws } from "./run-aws.ts";

export const DEFAULT_REQUESTS = 50;
/** Requests per second: the sample apps' work fits two cores at this rate. */
export const DEFAULT_RATE = 1;
export const WARM_UP = 3;

export async function setupOf(app: App, file: string | undefined): Promise<FusionSetup> {
  if (!file) return app.setup;
  try {
    const parsed = JSON.parse(await readFile(file, "utf8")) as { functions?: FusionSetup } & FusionSetup;
    return parsed.functions ?? parsed;
  } catch (error) {
    throw new UserError("setup-file", `The setup ${file} cannot be used: ${(error as Error).message}`);
  }
}

export async function eventsOf(app: App, { task, event }: Parsed["options"]): Promise<{ task: string; event: unknown }[]> {
  if (event === undefined) return workloadEvents(app, task);
  const saved = await readEvent(event);
  const tasks = task !== undefined ? [task] : app.graph.tasks.filter(({ entry }) => entry).map(({ name }) => name);
  if (tasks.length > 1) throw new UsageError(`--event needs --task: the app has ${tasks.length} entries (${tasks.join(", ")}).`);
  await workloadEvents(app, tasks[0]);
  return tasks.map((name) => ({ task: name, event: saved }));
}

export function measurementText(app: App, measurement: Measurement, setup: FusionSetup): string {
  const { latency, cost } = measurement;
  const functions = measurement.functions.map((item) => [
    item.root,
    `${item.memory} MB`,
    item.invocationsPerRequest.toFixed(2),
    milliseconds(item.duration.p50),
    milliseconds(item.billed),
    String(item.maxMemoryUsed),
    String(item.coldStarts),
    dollars(item.costPerMillion),
  ]);
  return [
    `Setup ${notation(resolveSetup(app.graph, setup, app.config?.constraints))} (${measurement.setupId})`,
    "",
    table(functions, ["function", "memory", "per request", "p50", "billed", "max MB", "cold", "$/million"]),
    "",
    `${measurement.requests} requests, ${measurement.errors} errors, ${measurement.coldStarts} cold starts, ` +
      `${measurement.lostRecords} lost records, ${measurement.invocationsPerRequest.toFixed(2)} invocations per request`,
    `latency  mean ${milliseconds(latency.mean)}  p50 ${milliseconds(latency.p50)}  p95 ${milliseconds(latency.p95)}  p99 ${milliseconds(latency.p99)}`,
    `cost     ${dollars(measurement.costPerMillion)} per million requests: compute ${dollars(cost.compute)} ` +
      `(waiting paid twice ${dollars(cost.doubleBilled)}), requests ${dollars(cost.requests)}, INIT ${dollars(cost.init)}`,
  ].join("\n");
}

/** The exit code says that requests failed; the measurement is given all the same. */
export function refuseErrors({ errors, requests }: Measurement, action: string): void {
  if (errors > 0) throw new UserError("requests-failed", `${errors} of ${requests} requests failed.`, action);
}

export const run: Run = async ({ app: folder, options }, { output, signal }) => {
  const app = await loadApp(folder!);
  assertUsable(app);
  const setup = await setupOf(app, options.setup);
  const events = await eventsOf(app, options);
  const workload = {
    requests: options.requests ?? DEFAULT_REQUESTS,
    rate: options.rate ?? DEFAULT_RATE,
    events,
    cold: options.cold ?? false,
    warmUp: options.cold ? 0 : WARM_UP,
  };
  if (options.target === "aws") return measureOnAws({ ...app, setup }, workload, options, { output, signal });
  const foreign = AWS_ONLY.find((name) => options[name] !== undefined);
  if (foreign) throw new UsageError(`--${foreign} needs --target aws.`);
  const fidelity = options.fidelity ?? "aws";
  const work = { signal, progress: output.progress };
  const running = await startLocal(
    { ...app, setup },
    { fidelity, ...work, ...(process.env["FUSIONIZE_LOG"] && { log: output.text }) },
  );
  try {
    await running.deploy({ ...app, setup }, work);
    const { measurement } = await running.workload({
      ...workload,
      ...work,
    });
    output.answer(measurement, () => measurementText(app, measurement, setup));
    refuseErrors(measurement, "See the log: FUSIONIZE_LOG=1.");
  } finally {
    await running.stop();
  }
};
