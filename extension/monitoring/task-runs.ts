/** Runs of tasks as the records show them: what a run did itself between its calls, in order. */
import type { InvocationRecord, Span } from "../core/record.ts";
import { cpuLaw, rest, runBurst, type CpuLaw } from "../optimizer/law.ts";
import type { Invocation, Trace } from "./traces.ts";
import { append } from "./traces.ts";

/** CPU and time of a stretch in which a run was not in a call. */
export interface Stretch {
  /** vCPU-ms, all threads. */
  cpu: number;
  /** vCPU-ms of worker threads. */
  workers: number;
  wall: number;
  /** vCPU-ms of the quota that were left when it began. */
  credit: number;
  /** Share of the CPU that did work, the rest went into what pauses undid (pauses.ts); absent = all. */
  useful?: number;
}

/** vCPU-ms of a stretch that did work. */
export const workOf = ({ cpu, useful = 1 }: Stretch): number => cpu * useful;
/** The same of its worker threads. */
export const workersOf = ({ workers, useful = 1 }: Stretch): number => workers * useful;

/** Calls that overlap, or one call. */
export interface CallGroup {
  spans: Span[];
  stretch: Stretch;
}

export interface TaskRun {
  task: string;
  span: Span;
  invocation: Invocation;
  law: CpuLaw;
  /** How much longer CPU work took than the law says, because the machine was saturated; 1 = not. */
  slowdown: number;
  /** Own work before each group of calls and after the last: one more than `groups`. */
  own: Stretch[];
  groups: CallGroup[];
  /** Other tasks ran in the same process for more than a moment meanwhile, so that CPU cannot be told apart. */
  mixed: boolean;
}

/** The platform's constants that the law needs; they cannot be learned from records. */
export const PLATFORM = { cpuPeriodMs: 20, mbPerVcpu: 1769 };

/** Inlined asynchronous calls that begin within this many ms were started together. */
const TOGETHER_MS = 0.5;
/** Share of a run during which others may run in its process without blurring it. */
const MIXED_SHARE = 0.02;
/** Readings are rounded to µs; less overlap than this is none, ms. */
const ROUNDING_MS = 0.005;

export function taskRuns(traces: readonly Trace[]): TaskRun[] {
  return traces.flatMap((trace) => trace.invocations.flatMap(runsOf));
}

function runsOf(invocation: Invocation): TaskRun[] {
  const { record } = invocation;
  const law = cpuLaw(record.memory, PLATFORM);
  const credit = creditCurve(record, law);
  const children = new Map<string, Span[]>();
  for (const span of record.spans) if (span.parent !== undefined) append(children, span.parent, span);
  const byId = new Map(record.spans.map((span) => [span.id, span]));
  const inline = record.spans.filter((span) => span.mode === "inline");
  return inline.map((span) => {
    const calls = (children.get(span.id) ?? []).sort((a, b) => a.start - b.start);
    const mixed = inline.some(
      (other) =>
        other !== span &&
        overlap(other, span) > MIXED_SHARE * span.duration &&
        !waitedFor(byId, other, span) &&
        !waitedFor(byId, span, other),
    );
    return { task: span.task, span, invocation, law, slowdown: 1, mixed, ...split(span, calls, credit) };
  });
}

/** ms */
function overlap(a: Span, b: Span): number {
  return Math.min(a.start + a.duration, b.start + b.duration) - Math.max(a.start, b.start);
}

/** `below` was caused by `above` through calls that wait: they never run at once. */
function waitedFor(parents: ReadonlyMap<string, Span>, below: Span, above: Span): boolean {
  let span: Span | undefined = below;
  while (span && span.kind !== "async" && span.parent !== undefined) {
    if (span.parent === above.id) return true;
    span = parents.get(span.parent);
  }
  return false;
}

/** Groups overlapping calls; an inlined asynchronous one does not keep its caller busy, it only begins. */
function split(span: Span, calls: Span[], credit: (at: number) => number): { own: Stretch[]; groups: CallGroup[] } {
  const groups: CallGroup[] = [];
  const own: Stretch[] = [];
  let from: Reading = beginOf(span);
  let open: Span[] = [];
  let until = -Infinity;
  const close = (): void => {
    const first = open[0];
    if (!first) return;
    const last = open.reduce((a, b) => (waitedEnd(b).at > waitedEnd(a).at ? b : a));
    const begin = beginOf(first);
    own.push(stretch(from, begin, credit));
    groups.push({ spans: open, stretch: stretch(begin, waitedEnd(last), credit) });
    from = waitedEnd(last);
    open = [];
  };
  for (const call of calls) {
    const end = waitedEnd(call).at;
    if (call.start >= until - ROUNDING_MS) close();
    open.push(call);
    until = Math.max(open.length === 1 ? -Infinity : until, end, isBackground(call) ? call.start + TOGETHER_MS : end);
  }
  close();
  own.push(stretch(from, endOf(span), credit));
  return { own, groups };
}

const isBackground = (span: Span): boolean => span.kind === "async" && span.mode === "inline";

interface Reading {
  at: number;
  cpu: number;
  thread: number | undefined;
}

function beginOf(span: Span): Reading {
  return { at: span.start, cpu: span.cpu[0], thread: span.thread?.[0] };
}

function endOf(span: Span): Reading {
  return { at: span.start + span.duration, cpu: span.cpu[1], thread: span.thread?.[1] };
}

/** When the caller could go on. */
function waitedEnd(span: Span): Reading {
  return isBackground(span) ? beginOf(span) : endOf(span);
}

function stretch(from: Reading, to: Reading, credit: (at: number) => number): Stretch {
  const cpu = Math.max(0, to.cpu - from.cpu);
  const main = from.thread === undefined || to.thread === undefined ? cpu : Math.min(cpu, Math.max(0, to.thread - from.thread));
  return { cpu, workers: cpu - main, wall: Math.max(0, to.at - from.at), credit: credit(from.at) };
}

/** Credit of the CPU quota at every moment at which a span begins or ends, followed from the start of the invocation. */
export function creditCurve(record: InvocationRecord, law: CpuLaw): (at: number) => number {
  const readings = record.spans.flatMap((span) => [beginOf(span), endOf(span)]).sort((a, b) => a.at - b.at || a.cpu - b.cpu);
  const at: number[] = [];
  const credits: number[] = [];
  const clock = { t: 0, credit: law.quota };
  let last: Reading = { at: 0, cpu: 0, thread: 0 };
  for (const reading of readings) {
    // Work lies before and after the waits between two readings: the sending of a request and the taking of its answer.
    const work = Math.max(0, reading.cpu - last.cpu);
    const busy = { t: 0, credit: clock.credit };
    runBurst(law, busy, work, 1);
    runBurst(law, clock, work / 2, 1);
    rest(law, clock, Math.max(0, reading.at - last.at - busy.t));
    runBurst(law, clock, work / 2, 1);
    at.push(reading.at);
    credits.push(clock.credit);
    last = reading;
  }
  return (time) => {
    let low = 0;
    let high = at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? law.quota : credits[low - 1]!;
  };
}
