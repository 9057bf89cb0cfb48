/** What a remote call costs beyond its callee, from the spans of the caller and the duration of the callee: never from two hosts' clocks. */
import type { CallKind } from "../core/graph.ts";
import { cpuLaw } from "../optimizer/law.ts";
import type { HopProfile } from "../optimizer/profile.ts";
import { waitOf, type Observed } from "./waiting.ts";
import { quantile, trimmedMean } from "./statistics.ts";
import { creditCurve, PLATFORM, type TaskRun, workOf } from "./task-runs.ts";
import type { Invocation, Trace } from "./traces.ts";

export interface Hops {
  sync: HopProfile;
  async: HopProfile;
  handler: HopProfile;
  notes: string[];
}

/** From here on usual bursts of a few ms run unthrottled, and what is not CPU is waiting. */
export const CLEAR_MB = 512;
/** Share cut at each end: while it waits for long, a process also does other work (garbage collection), which is not the call's. */
export const HOP_CUT = 0.1;
/** Samples from which the clear ones are enough by themselves. */
const ENOUGH = 10;

/** Where nothing was measured: Lambda's Invoke API with a kept connection, 10.4 ms in all at the median (Nightcore, ASPLOS 2021), of which 2 are CPU. */
const ASSUMED: HopProfile = { cpuMs: 2, waitMs: 8.4 };

/** vCPU-ms of quota left at the end of a run: with more its last work runs at full speed, with less none of it does. */
const PLENTY = 1;
const STARVED = 0.1;
/** Share of a vCPU up to which work without quota takes noticeably longer. */
const SLOW = 0.5;

/**
 * Time between the platform's duration and the handler's own. Where a function has quota left it shows whole, where it has none its CPU
 * shows, because that alone is stretched: over = wait + cpu / rate. Without sizes that leave quota the two cannot be told apart; then all
 * of it is taken for CPU work.
 */
export function handlerOverhead(traces: readonly Trace[], notes: string[]): HopProfile {
  const samples = traces.flatMap((trace) =>
    trace.invocations.flatMap(({ record, report }) => {
      if (!report || record.cold) return [];
      const law = cpuLaw(record.memory, PLATFORM);
      // A saturated machine makes heavy runs look as if they had rested: only light ones are sure to end with quota left.
      const light = record.cpu <= (law.rate * record.duration) / 2 || record.cpu <= law.quota / 2;
      const left = law.rate >= 1 ? Infinity : creditCurve(record, law)(Infinity);
      const clear = record.memory >= CLEAR_MB && light && left >= PLENTY;
      return [{ over: Math.max(0, report.duration - record.duration), credit: left, rate: law.rate, clear }];
    }),
  );
  const clear = samples.filter((one) => one.clear);
  if (clear.length < ENOUGH) {
    if (samples.length > 0)
      notes.push("CPU and waiting of entering a function cannot be told apart at these sizes; taken as CPU.");
    const asCpu = samples.map(({ over, credit, rate }) => (rate >= 1 || over <= credit ? over : credit + (over - credit) * rate));
    return { cpuMs: trimmedMean(asCpu, HOP_CUT), waitMs: 0 };
  }
  const total = trimmedMean(
    clear.map(({ over }) => over),
    HOP_CUT,
  );
  const starved = samples.filter(({ credit, rate }) => credit <= STARVED && rate <= SLOW);
  const stretched = starved.map(({ over, rate }) => ((over - total) * rate) / (1 - rate));
  const cpu = starved.length >= ENOUGH ? trimmedMean(stretched, HOP_CUT) : total / 2;
  const cpuMs = Math.min(total, Math.max(0, cpu));
  return { cpuMs, waitMs: total - cpuMs };
}

/** One or several calls made together. */
interface Sample extends Observed {
  /** vCPU-ms that did work. */
  work: number;
  calls: number;
  /** Caller and callees: what comes before a call, and so how much of the quota is left, differs from place to place. */
  place: string;
}

export function learnHops(runs: readonly TaskRun[], traces: readonly Trace[], handler: HopProfile): Hops {
  const answers = new Map<string, Invocation>();
  for (const trace of traces) {
    for (const one of trace.invocations) if (one.record.parent !== undefined && !one.repeats) answers.set(one.record.parent, one);
  }
  const samples: Record<CallKind, { alone: Sample[]; together: Sample[] }> = {
    sync: { alone: [], together: [] },
    async: { alone: [], together: [] },
  };
  for (const { task, groups, mixed, invocation, law, slowdown } of runs) {
    if (mixed || invocation.record.cold) continue;
    for (const { spans, stretch } of groups) {
      const { kind } = spans[0]!;
      if (kind === "entry" || spans.some((span) => span.mode !== "remote" || span.kind !== kind || span.error !== undefined))
        continue;
      let answered = 0;
      if (kind === "sync") {
        const durations = spans.map((span) => calleeDuration(answers.get(span.id)));
        if (durations.includes(undefined)) continue;
        answered = Math.max(...durations.map((duration) => duration!));
      }
      const { cpu, wall, credit } = stretch;
      const sample = {
        // Of calls made together only the last one's answer is taken after the wait; the others' CPU lies beside it.
        cpu: cpu * (0.5 + 0.5 / spans.length),
        work: workOf(stretch),
        wall,
        elsewhere: answered,
        credit,
        law,
        slowdown,
        calls: spans.length,
        place: `${task} ${spans[0]!.task}`,
      };
      samples[kind][spans.length === 1 ? "alone" : "together"].push(sample);
    }
  }
  const notes: string[] = [];
  const sure = { sync: clearest(samples.sync), async: clearest(samples.async) };
  const settle = (kind: CallKind, prior: number): HopProfile | undefined => {
    const { alone, together } = samples[kind];
    const chosen = alone.length > 0 ? alone : together;
    if (chosen.length === 0) return undefined;
    const clear = chosen.filter(isClear);
    const work = (clear.length >= ENOUGH ? clear : chosen).map(({ work: all, calls }) => all / calls);
    return { cpuMs: trimmedMean(work, HOP_CUT), waitMs: typicalWait(sure[kind] ?? chosen, prior) };
  };
  // Where one kind's wait is clear, it is the best guess for the other's.
  const guess = (other: CallKind) => (sure[other] ? typicalWait(sure[other], ASSUMED.waitMs) : ASSUMED.waitMs);
  const sync = settle("sync", guess("async"));
  const async = settle("async", guess("sync"));
  const word = { sync: "synchronous", async: "asynchronous" };
  for (const [kind, own, other] of [
    ["sync", sync, async],
    ["async", async, sync],
  ] as const) {
    if (own) continue;
    notes.push(
      `No remote ${word[kind]} call was measured: its cost is assumed to be ${other ? "that of the other kind" : `${ASSUMED.cpuMs} vCPU-ms and ${ASSUMED.waitMs} ms`}.`,
    );
  }
  return { sync: sync ?? async ?? ASSUMED, async: async ?? sync ?? ASSUMED, handler, notes };
}

const isClear = ({ law }: Observed): boolean => law.rate >= CLEAR_MB / PLATFORM.mbPerVcpu;

/** Samples at sizes where a call's CPU fits into the quota, if there are enough: there its wait is what is left of its time. */
function clearest({ alone, together }: { alone: Sample[]; together: Sample[] }): Sample[] | undefined {
  return [alone, together].map((list) => list.filter(isClear)).find((list) => list.length >= ENOUGH);
}

function typicalWait(samples: readonly Sample[], prior: number): number {
  const places = [...Map.groupBy(samples, ({ place }) => place).values()];
  return quantile(
    places.map((place) => waitOf(place, 0.5, prior)),
    0.5,
  );
}

/** ms as the caller would see it without the way there and back; warm invocations only. */
function calleeDuration(invocation: Invocation | undefined): number | undefined {
  if (!invocation || invocation.record.cold) return undefined;
  return invocation.report?.duration ?? invocation.record.duration;
}
