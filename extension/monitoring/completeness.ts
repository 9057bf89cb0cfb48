/** After a workload: waits until everything that it caused has been logged, asynchronous work included. */
import { setTimeout as delay } from "node:timers/promises";
import type { InvocationRecord } from "../core/record.ts";
import type { LongWork } from "../ports/work.ts";
import type { Report } from "./lines.ts";
import { readRecords, type Cursor, type ReadOptions } from "./read.ts";
import { buildTraces, type Trace } from "./traces.ts";

export interface CompletenessOptions extends LongWork, Omit<ReadOptions, "signal" | "to"> {
  /** Trace ids that the client sent; a trace of which nothing is logged is awaited too. Records of other traces are dropped. */
  traces: ReadonlySet<string>;
  /** ms from now until the wait is given up and what is missing counts as lost. */
  deadlineMs: number;
  /** ms between reads; default 250 locally, 2,000 on AWS. */
  pollMs?: number;
}

export interface CompleteRecords {
  records: InvocationRecord[];
  reports: Report[];
  traces: Trace[];
  cursor: Cursor;
  malformed: number;
  /** False when the deadline passed first: see `lost` of the traces, and `missing`. */
  complete: boolean;
  /** Expected traces of which nothing was seen at all. */
  missing: string[];
}

export async function collectRecords(options: CompletenessOptions): Promise<CompleteRecords> {
  const { traces: wanted, deadlineMs, signal, progress } = options;
  const pollMs = options.pollMs ?? (options.target.kind === "aws" ? 2_000 : 250);
  const deadline = performance.now() + deadlineMs;
  const records: InvocationRecord[] = [];
  const reports: Report[] = [];
  let malformed = 0;
  let { cursor } = options;
  for (;;) {
    const read = await readRecords({ ...options, cursor });
    cursor = read.cursor;
    malformed += read.malformed;
    records.push(...read.records.filter((record) => wanted.has(record.trace)));
    reports.push(...read.reports);
    const traces = buildTraces(records, reports);
    const present = new Set(traces.map((trace) => trace.id));
    const missing = [...wanted].filter((trace) => !present.has(trace));
    const open = traces.filter((trace) => trace.lost.length > 0 || trace.invocations.some((one) => !one.report)).length;
    const complete = missing.length === 0 && open === 0;
    if (complete || performance.now() + pollMs > deadline) {
      return { records, reports, traces, cursor, malformed, complete, missing };
    }
    progress?.(
      `Waiting for the records of ${missing.length + open} requests`,
      1 - (missing.length + open) / Math.max(1, wanted.size),
    );
    await delay(pollMs, undefined, signal ? { signal } : {});
  }
}
