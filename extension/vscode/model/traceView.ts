/** One trace as the panel draws it: a lane per instance, spans within, log lines by the task that was running. Pure. */
import type { InvocationRecord, Span } from "../../core/record.ts";
import type { LoggedLine } from "../../monitoring/request-lines.ts";
import type { Invocation, Trace } from "../../monitoring/traces.ts";
import type { TraceView } from "../../../webview/protocol.ts";

type Lane = TraceView["lanes"][number];
type SpanView = Lane["spans"][number];

/** Request id -> lines, where the log was read. */
export type Lines = ReadonlyMap<string, readonly LoggedLine[]>;

/** ms that a line's time may lie beside the span it was printed in: the log has whole milliseconds, and another clock. */
const TOLERANCE_MS = 2;

export function traceView(trace: Trace, lines: Lines = new Map()): TraceView {
  const starts = startTimes(trace);
  const lanes = new Map<string, Lane>();
  for (const invocation of trace.invocations) {
    const { record } = invocation;
    const start = starts.get(invocation) ?? 0;
    const key = `${record.function} ${record.instance}`;
    const lane = lanes.get(key) ?? emptyLane(record, start);
    lanes.set(key, lane);
    const end = Math.max(lane.startMs + lane.durationMs, start + record.duration);
    lane.startMs = Math.min(lane.startMs, start);
    lane.durationMs = end - lane.startMs;
    const init = invocation.report?.init ?? record.init;
    if (record.cold && init !== undefined) lane.initMs = init;
    lane.spans.push(...spanViews(invocation, start, lines.get(record.request) ?? []));
  }
  return { trace: trace.id, durationMs: traceDuration(trace), lanes: [...lanes.values()] };
}

/** ms that the client's request took inside its function; without the root's record, of everything that is known. */
export function traceDuration(trace: Trace): number {
  if (trace.root) return trace.root.record.duration;
  const starts = startTimes(trace);
  return Math.max(0, ...trace.invocations.map((one) => (starts.get(one) ?? 0) + one.record.duration));
}

function emptyLane({ function: name, instance, memory }: InvocationRecord, start: number): Lane {
  return { function: name, instance, memory, startMs: start, durationMs: 0, spans: [] };
}

/**
 * ms from the trace's first invocation. Hosts have clocks of their own: a function that was called synchronously ran while its caller
 * waited, whatever its own clock says; an event was handled after it had been sent.
 */
function startTimes(trace: Trace): Map<Invocation, number> {
  const first = trace.root ?? trace.invocations[0];
  const starts = new Map<Invocation, number>();
  const origin = first?.record.start ?? 0;
  const place = (invocation: Invocation): number => {
    const known = starts.get(invocation);
    if (known !== undefined) return known;
    const own = invocation.record.start - origin;
    // A caller that is not placed yet must not lead back here: damaged records could name each other.
    starts.set(invocation, own);
    const { caller } = invocation;
    if (!caller || caller.invocation === invocation) return own;
    const called = place(caller.invocation) + caller.span.start;
    const latest = called + Math.max(0, caller.span.duration - invocation.record.duration);
    const held = caller.span.kind === "sync" ? Math.min(Math.max(own, called), latest) : Math.max(own, called);
    starts.set(invocation, held);
    return held;
  };
  for (const invocation of trace.invocations) place(invocation);
  return starts;
}

function spanViews({ record, caller }: Invocation, start: number, lines: readonly LoggedLine[]): SpanView[] {
  const logs = attribute(record, lines);
  return record.spans.map((span) => {
    const cpu = span.cpu[1] - span.cpu[0];
    const parent = span.parent ?? (span.kind === "entry" ? (caller?.span.id ?? record.parent) : undefined);
    const printed = logs.get(span);
    return {
      id: span.id,
      ...(parent !== undefined && { parent }),
      task: span.task,
      kind: span.kind,
      mode: span.mode,
      startMs: start + span.start,
      durationMs: span.duration,
      ...((span.mode === "inline" || span.kind === "entry") && { cpuMs: Math.max(0, cpu) }),
      ...(span.error !== undefined && { error: span.error.slice(0, 4_000) }),
      ...(printed && { logs: printed }),
    };
  });
}

/** Each line goes to the innermost run that it can only come from: where two ran at once, to the task that called both. */
function attribute(record: InvocationRecord, lines: readonly LoggedLine[]): Map<Span, string[]> {
  const runs = record.spans.filter(({ mode, kind }) => mode === "inline" || kind === "entry");
  const root = runs.find(({ kind }) => kind === "entry");
  const logs = new Map<Span, string[]>();
  if (!root) return logs;
  for (const { at, text } of lines) {
    const time = at - record.start;
    let span = root;
    for (;;) {
      const within = runs.filter((run) => run.parent === span.id && run !== span && covers(run, time));
      const [only] = within;
      if (!only || within.length > 1) break;
      span = only;
    }
    const list = logs.get(span) ?? [];
    logs.set(span, list);
    if (list.length < 1_000) list.push(text.slice(0, 4_000));
  }
  return logs;
}

const covers = ({ start, duration }: Span, time: number): boolean =>
  time >= start - TOLERANCE_MS && time <= start + duration + TOLERANCE_MS;
