/** Load on the running app, and what it measured. */
import * as vscode from "vscode";
import type { Measurement } from "../../../core/measurement.ts";
import type { LongWork } from "../../../ports/work.ts";
import { reading } from "../../backend.ts";
import { setting } from "../../ids.ts";
import { log } from "../../log.ts";
import type { AppSession } from "../../model/session.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

export interface WorkloadShape {
  /** Root requests. */
  requests: number;
  /** Requests per second. */
  rate: number;
  /** Every request meets only new instances. */
  cold?: boolean;
  /** Only this entry task; all of them where absent. */
  task?: string;
}

/** Requests before those that count, as in the terminal: instances that start with the workload say nothing about the setup. */
const WARM_UP = 3;

export function settingsShape(session: AppSession): WorkloadShape {
  return { requests: setting("workloadRequests", session.uri), rate: setting("workloadRate", session.uri) };
}

/** Runs the app if it does not run, sends the workload, keeps the measurement. */
export async function measure(session: AppSession, shape: WorkloadShape, work: Required<LongWork>): Promise<Measurement> {
  const run = await session.run.start();
  const { workloadEvents } = await reading();
  const events = await workloadEvents(await session.onDisk(), shape.task);
  const { measurement, records } = await session.run.during(() =>
    run.workload({
      requests: shape.requests,
      rate: shape.rate,
      ...(shape.cold ? { cold: true } : { warmUp: WARM_UP }),
      events,
      signal: work.signal,
      progress: work.progress,
      onRequest: (done, failed) => {
        const message =
          failed > 0
            ? vscode.l10n.t("{0} of {1} requests, {2} failed", done, shape.requests, failed)
            : vscode.l10n.t("{0} of {1} requests", done, shape.requests);
        work.progress(message, done / shape.requests);
      },
    }),
  );
  session.requests.add(records);
  session.addMeasurement(measurement);
  log().info(`${session.name}: ${summary(measurement)}`);
  return measurement;
}

/** `p50 344 ms, p95 402 ms, $9.31 per million requests, 100 requests` */
export function summary(measurement: Measurement): string {
  const { latency, costPerMillion, requests, errors, lostRecords } = measurement;
  return [
    `p50 ${milliseconds(latency.p50)}`,
    `p95 ${milliseconds(latency.p95)}`,
    `${dollars(costPerMillion)} per million requests`,
    `${requests} requests`,
    ...(errors > 0 ? [`${errors} failed`] : []),
    ...(lostRecords > 0 ? [`${lostRecords} records lost`] : []),
  ].join(", ");
}
