/** What a remote call costs beyond its callee, from the spans of the caller and the duration of the callee: never from two hosts' clocks. */
import type { CallKind } from "../core/graph.ts";
import { cpuLaw } from "../optimizer/law.ts";
import type { HopProfile } from "../optimizer/profile.ts";
import { waitOf, type Observed } from "./waiting.ts";
import { quantile, trimmedMean } from "./statistics.ts";
import { creditCurve, PLATFORM, type TaskRun } from "./task-runs.ts";
import type { Invocation, Trace } from "./traces.ts";

export interface Hops {
  sync: HopProfile;
  async: HopProfile;
  handler: HopProfile;
  notes: string[];
}

/** Where nothing was measured: Lambda's Invoke API with a kept connection (docs/profile.md). */
const ASSUMED: HopProfile = { cpuMs: 2, waitMs: 8 };

/**
 * Time between the platform's duration and the handler's own. It is taken for CPU work of the runtime: at small sizes it
 * grows as CPU work does.
 */
export function handlerOverhead(traces: readonly Trace[]): HopProfile {
  const samples = traces.flatMap((trace) =>
    trace.invocations.flatMap(({ record, report }) => {
      if (!report || record.cold) return [];
      const law = cpuLaw(record.memory, PLATFORM);
      const over = Math.max(0, report.duration - record.duration);
      const credit = creditCurve(record, law)(Infinity);
      return [law.rate >= 1 || over <= credit ? over : credit + (over - credit) * law.rate];
    }),
  );
  return { cpuMs: trimmedMean(samples), waitMs: 0 };
}

/** One or several calls made together; `wall` without what the callee took. */
interface Sample extends Observed {
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
        cpu,
        wall: wall - answered,
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
  const settle = (kind: CallKind): HopProfile | undefined => {
    const { alone, together } = samples[kind];
    const chosen = alone.length > 0 ? alone : together;
    if (chosen.length === 0) return undefined;
    const places = [...Map.groupBy([...alone, ...together], ({ place }) => place).values()];
    const waits = places.map((place) => waitOf(place, 0.5, ASSUMED.waitMs));
    return { cpuMs: trimmedMean(chosen.map(({ cpu, calls }) => cpu / calls)), waitMs: quantile(waits, 0.5) };
  };
  const sync = settle("sync");
  const async = settle("async");
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

/** ms as the caller would see it without the way there and back; warm invocations only. */
function calleeDuration(invocation: Invocation | undefined): number | undefined {
  if (!invocation || invocation.record.cold) return undefined;
  return invocation.report?.duration ?? invocation.record.duration;
}
