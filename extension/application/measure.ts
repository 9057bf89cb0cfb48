/** One workload against one deployment: requests out, records back, one measurement. */
import type { Deployment } from "../deployment/types.ts";
import type { Target } from "../deployment/target.ts";
import { buildTraces, collectRecords, PRICES, summarize } from "../monitoring/index.ts";
import { constantRate } from "../workload/schedule.ts";
import { runWorkload, type SentRequest } from "../workload/run.ts";
import { appendMeasurement, appendRun } from "./history.ts";
import { newTraceId, type Invoker } from "./invoke.ts";
import { notePrediction } from "./predictions.ts";
import type { App, WorkloadOptions, WorkloadResult } from "./types.ts";

export interface Measured {
  app: App;
  deployment: Deployment;
  target: Target;
  fidelity?: "aws" | "fast";
  invoker: Invoker;
  /** Waits until nothing runs any more. */
  settle: () => Promise<void>;
  /** Makes the next request of each function cold. */
  reset: () => Promise<void>;
  /** Append to `.fusionize/`. */
  keep: boolean;
}

/** Time that records may take from the end of the last request until they can be read, ms. */
const RECORDS_DEADLINE_MS = 30_000;

export async function measure(
  { app, target, fidelity, invoker, settle, reset, ...measured }: Measured,
  options: WorkloadOptions,
): Promise<WorkloadResult> {
  const { deployment, setup } = options.of ?? { deployment: measured.deployment, setup: app.setup };
  const keep = measured.keep && (options.keep ?? true);
  const { requests, rate, events, cold = false, warmUp = 0, signal, progress, onRequest } = options;
  const send = async (task: string, event: unknown, trace: string): Promise<{ error?: string }> => {
    const { functionError, payload } = await invoker.invoke(deployment, task, event, { trace, ...(signal && { signal }) });
    return functionError ? { error: payload.slice(0, 500) } : {};
  };
  const drive = (times: number[], report: boolean): Promise<SentRequest[]> =>
    runWorkload(
      {
        times,
        events,
        ...(cold && { oneAtATime: { settle: async () => (await settle(), await reset()) } }),
        ...(signal && { signal }),
        onRequest: (done, failed) => {
          if (!report) return;
          onRequest?.(done, failed);
          progress?.(`Request ${done} of ${times.length}${failed > 0 ? `, ${failed} failed` : ""}`, done / times.length);
        },
      },
      send,
      newTraceId,
    );
  if (warmUp > 0 && !cold) {
    progress?.("Warming up");
    await drive(constantRate(warmUp, rate), false);
    await settle();
  }
  const from = Date.now();
  const sent = await drive(options.times ?? constantRate(requests, rate), true);
  progress?.("Waiting for the last events to be handled");
  await settle();
  progress?.("Reading the logs");
  const { records, reports } = await collectRecords({
    target,
    logGroups: deployment.functions.map(({ logGroup }) => logGroup),
    from,
    traces: new Set(sent.map(({ trace }) => trace)),
    deadlineMs: RECORDS_DEADLINE_MS,
    ...(signal && { signal }),
  });
  const measurement = summarize(buildTraces(records, reports), {
    setup,
    setupId: deployment.setupId,
    at: new Date(from).toISOString(),
    target: target.kind,
    ...(fidelity && { fidelity }),
    ...(target.architecture && { prices: PRICES[target.architecture] }),
    cold,
    requests: sent,
  });
  // What left no record says nothing: it must not stand beside real measurements.
  if (keep && records.length > 0) {
    // Before the run itself becomes part of what predictions are made from.
    await notePrediction(app, measurement);
    await appendMeasurement(app, measurement);
    await appendRun(app, {
      setupId: deployment.setupId,
      target: target.kind,
      ...(fidelity && { fidelity }),
      cold,
      records,
      reports,
      requests: sent.map(({ trace, latency }) => ({ trace, latency })),
    });
  }
  return { measurement, records, reports, sent };
}
