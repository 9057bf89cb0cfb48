/** Follows an app on AWS through its logs: each request once it is complete, within the quotas of CloudWatch Logs. */
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { setTimeout as delay } from "node:timers/promises";
import type { InvocationRecord } from "../core/record.ts";
import { functionName, logGroupName, type Target } from "../deployment/index.ts";
import { buildTraces, logsClient, readRecords, type Cursor, type Report, type Trace } from "../monitoring/index.ts";
import type { LongWork } from "../ports/work.ts";
import { assertUsable } from "./app.ts";
import type { App } from "./types.ts";

export interface WatchOptions extends LongWork {
  /** ms since the epoch. */
  from: number;
  /** ms between two readings; default 2,000: one call to each log group, five calls a second at most. */
  every?: number;
  /** A request and everything it caused, once; or what is known of it when the rest has not come within a minute, or by the end. */
  onRequest: (trace: Trace) => void;
  /** After each reading: calls to CloudWatch Logs so far. */
  onRead?: (calls: number) => void;
}

/** After this what is missing of a request counts as lost, ms. */
const PATIENCE_MS = 60_000;

/** @throws the signal's reason, which is the only way to end it. */
export async function watch(app: App, target: Target, options: WatchOptions): Promise<never> {
  assertUsable(app);
  const { from, every = 2000, onRequest, onRead, signal } = options;
  const { config } = app;
  const logGroups = app.functions.map(({ root }) => logGroupName(functionName(config.app, target.stage, root)));
  const client = logsClient(target);
  let calls = 0;
  const counted = {
    send: ((command: FilterLogEventsCommand, ...rest: [object]) => {
      calls++;
      return client.send(command, ...rest);
    }) as typeof client.send,
  };
  let cursor: Cursor | undefined;
  let records: InvocationRecord[] = [];
  let reports: Report[] = [];
  const told = new Set<string>();
  try {
    for (;;) {
      const read = await readRecords({ target, logGroups, from, cursor, client: counted, signal });
      cursor = read.cursor;
      records.push(...read.records);
      reports.push(...read.reports);
      onRead?.(calls);
      const late = Date.now() - PATIENCE_MS;
      for (const trace of buildTraces(records, reports)) {
        const open = trace.lost.length > 0 || trace.invocations.some(({ report }) => !report);
        const newest = Math.max(...trace.invocations.map(({ record }) => record.start + record.duration));
        if (told.has(trace.id) || (open && newest > late)) continue;
        told.add(trace.id);
        onRequest(trace);
      }
      // What is told and old is not needed any more: the cursor knows that it was read.
      records = records.filter(({ trace, start }) => !told.has(trace) || start > late);
      const open = new Set(records.map(({ request }) => request));
      reports = reports.filter(({ request, timestamp }) => open.has(request) || timestamp > late);
      await delay(every, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  } finally {
    // What is not complete when nobody looks any more is told as far as it is known.
    for (const trace of buildTraces(records, reports)) if (!told.has(trace.id)) onRequest(trace);
    client.destroy();
  }
}
