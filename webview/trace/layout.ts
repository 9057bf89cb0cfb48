/** One request as lanes, rows and connectors. Pure; times in ms from the start of the trace. */
import type { TraceView } from "../protocol.ts";

type Lane = TraceView["lanes"][number];
export type TraceSpan = Lane["spans"][number];

export interface SpanItem {
  span: TraceSpan;
  lane: number;
  /** Row within the lane, from the top. */
  row: number;
  /** How the time is spent: running, waiting for a function that is billed too, or handing an event over. */
  look: "run" | "twice" | "handover";
  critical: boolean;
}

export interface LaneItem {
  function: string;
  instance: string;
  memory: number;
  init: { start: number; duration: number } | undefined;
  rows: number;
}

/** From the span of a remote call to the run that it caused. */
export interface Connector {
  from: SpanItem;
  to: SpanItem;
  kind: "sync" | "async";
}

export interface TraceLayout {
  lanes: LaneItem[];
  spans: SpanItem[];
  connectors: Connector[];
  start: number;
  end: number;
}

export function layOutTrace(trace: TraceView): TraceLayout {
  const ordered = trace.lanes.toSorted((a, b) => a.startMs - b.startMs || a.function.localeCompare(b.function));
  const lanes: LaneItem[] = [];
  const spans: SpanItem[] = [];
  ordered.forEach((lane, index) => {
    const placed = placeSpans(lane, index);
    spans.push(...placed);
    const init =
      lane.initMs === undefined || lane.initMs <= 0 ? undefined : { start: lane.startMs - lane.initMs, duration: lane.initMs };
    lanes.push({
      function: lane.function,
      instance: lane.instance,
      memory: lane.memory,
      init,
      rows: 1 + Math.max(0, ...placed.map((each) => each.row)),
    });
  });
  const byId = new Map(spans.filter(isCall).map((each) => [each.span.id, each]));
  const connectors: Connector[] = [];
  for (const each of spans) {
    if (!isRun(each)) continue;
    const from = each.span.parent === undefined ? undefined : byId.get(each.span.parent);
    if (from && from.lane !== each.lane) connectors.push({ from, to: each, kind: from.span.kind === "async" ? "async" : "sync" });
  }
  markCritical(spans, connectors);
  const starts = [0, ...spans.map((each) => each.span.startMs), ...lanes.flatMap((lane) => (lane.init ? [lane.init.start] : []))];
  const ends = [trace.durationMs, ...spans.map((each) => each.span.startMs + each.span.durationMs)];
  return { lanes, spans, connectors, start: Math.min(...starts), end: Math.max(...ends, Math.min(...starts) + 0.001) };
}

/** The call as its caller sees it, in the caller's lane. */
const isCall = (each: SpanItem) => each.look !== "run";
/** A function's own run. */
const isRun = (each: SpanItem) => each.look === "run" && each.row === 0;

const endOf = (span: TraceSpan) => span.startMs + span.durationMs;

/** Parents above children; spans that overlap without being nested in rows of their own. */
function placeSpans(lane: Lane, index: number): SpanItem[] {
  const ids = new Set(lane.spans.map((each) => each.id));
  const rows = new Map<string, number>();
  const busy: { until: number }[][] = [];
  const items: SpanItem[] = [];
  const sorted = lane.spans.toSorted((a, b) => a.startMs - b.startMs || b.durationMs - a.durationMs);
  for (const span of sorted) {
    const parent = span.parent !== undefined && ids.has(span.parent) ? rows.get(span.parent) : undefined;
    let row = parent === undefined ? 0 : parent + 1;
    while ((busy[row] ?? []).some((each) => each.until > span.startMs + 1e-6)) row += 1;
    (busy[row] ??= []).push({ until: endOf(span) });
    rows.set(span.id, row);
    // A remote call stands under its caller; a function's own run has no parent in its lane.
    const call = span.mode === "remote" && parent !== undefined;
    items.push({ span, lane: index, row, look: call ? (span.kind === "async" ? "handover" : "twice") : "run", critical: false });
  }
  return items;
}

/**
 * What the answer waited for: from the end of the entry's run backwards, always the synchronous call that ended last before,
 * and the same inside it.
 */
function markCritical(spans: SpanItem[], connectors: Connector[]): void {
  const callee = new Map(connectors.map((each) => [each.from, each.to]));
  const children = Map.groupBy(
    spans.filter(
      (each) => each.span.parent !== undefined && each.span.kind === "sync" && !connectors.some((to) => to.to === each),
    ),
    (each) => `${each.lane} ${each.span.parent}`,
  );
  const entry = spans
    .filter((each) => isRun(each) && !connectors.some((to) => to.to === each))
    .toSorted((a, b) => a.span.startMs - b.span.startMs)[0];
  const open = entry ? [entry] : [];
  for (let each = open.pop(); each; each = open.pop()) {
    if (each.critical) continue;
    each.critical = true;
    const remote = callee.get(each);
    if (remote) open.push(remote);
    let until = endOf(each.span) + 1e-6;
    const candidates = (children.get(`${each.lane} ${each.span.id}`) ?? []).toSorted((a, b) => endOf(b.span) - endOf(a.span));
    for (const child of candidates) {
      if (endOf(child.span) > until) continue;
      open.push(child);
      until = child.span.startMs + 1e-6;
    }
  }
}
