/** Records of invocations -> traces: what one root request caused, who called whom, what is missing, what came twice. */
import type { InvocationRecord, Span } from "../core/record.ts";
import type { Report } from "./lines.ts";
import { invocationKey } from "./parts.ts";

/** One run of a function. */
export interface Invocation {
  record: InvocationRecord;
  /** Absent while the platform's line has not been seen. */
  report?: Report;
  /** The invocation and its call span that caused this one; absent for roots and where the caller's record is missing. */
  caller?: { invocation: Invocation; span: Span };
  /** Same request again (the platform's retry), or the same call delivered again. */
  repeats?: "retry" | "delivery";
}

/** A call that was accepted but whose invocation was never seen. */
export interface LostCall {
  trace: string;
  task: string;
  kind: "sync" | "async" | "root";
  /** Absent for a lost root. */
  caller?: string;
}

export interface Trace {
  id: string;
  /** The root request's invocation; absent when its record is lost. */
  root?: Invocation;
  /** In order of start. */
  invocations: Invocation[];
  lost: LostCall[];
  /** Records of this trace that the log delivered twice (dropped). */
  duplicates: number;
}

export function buildTraces(records: InvocationRecord[], reports: Report[]): Trace[] {
  const traces = new Map<string, Trace>();
  const byRequest = new Map<string, Report[]>();
  for (const report of reports) append(byRequest, report.request, report);
  for (const list of byRequest.values()) list.sort((a, b) => a.timestamp - b.timestamp);
  const seen = new Set<string>();
  for (const record of [...records].sort((a, b) => a.start - b.start)) {
    let trace = traces.get(record.trace);
    if (!trace) traces.set(record.trace, (trace = { id: record.trace, invocations: [], lost: [], duplicates: 0 }));
    const key = `${invocationKey(record)}|${record.function}`;
    if (seen.has(key)) {
      trace.duplicates++;
      continue;
    }
    seen.add(key);
    const invocation: Invocation = { record };
    const report = takeReport(byRequest.get(record.request), record);
    if (report) invocation.report = report;
    trace.invocations.push(invocation);
  }
  for (const trace of traces.values()) link(trace);
  return [...traces.values()];
}

/** A request that was retried has several reports: the one written soonest after this record's end is its own. */
function takeReport(reports: Report[] | undefined, record: InvocationRecord): Report | undefined {
  if (!reports || reports.length === 0) return undefined;
  if (reports.length === 1) return reports.shift();
  const end = record.start + record.duration;
  const distance = (report: Report) => Math.abs(report.timestamp - end);
  const best = reports.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  reports.splice(reports.indexOf(best), 1);
  return best;
}

function link(trace: Trace): void {
  const spans = new Map<string, { invocation: Invocation; span: Span }>();
  for (const invocation of trace.invocations) {
    for (const span of invocation.record.spans) spans.set(span.id, { invocation, span });
  }
  const answered = new Map<string, Invocation>();
  const requests = new Map<string, Invocation>();
  for (const invocation of trace.invocations) {
    const { parent, request } = invocation.record;
    if (requests.has(request)) invocation.repeats = "retry";
    else requests.set(request, invocation);
    if (parent === undefined) {
      trace.root ??= invocation;
      continue;
    }
    const caller = spans.get(parent);
    if (caller) invocation.caller = caller;
    if (!answered.has(parent)) answered.set(parent, invocation);
    else invocation.repeats ??= "delivery";
  }
  if (!trace.root) trace.lost.push({ trace: trace.id, task: "", kind: "root" });
  for (const [id, { span }] of spans) {
    const sent = (span.mode === "remote" && span.error === undefined) || span.handedOver === true;
    if (!sent || span.kind === "entry" || answered.has(id)) continue;
    const lost: LostCall = { trace: trace.id, task: span.task, kind: span.kind };
    if (span.caller !== undefined) lost.caller = span.caller;
    trace.lost.push(lost);
  }
}

export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
