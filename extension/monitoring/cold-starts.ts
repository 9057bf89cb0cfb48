/** Cold starts: what they cost, and which share of invocations is cold once a workload runs. */
import type { ApplicationProfile } from "../optimizer/profile.ts";
import { trimmedMean } from "./statistics.ts";
import { append, type Invocation } from "./traces.ts";

/** ms of INIT and vCPU-ms of first use where none was measured: a small Node bundle on Lambda. */
const ASSUMED = { waitMs: 140, cpuMs: 30 };
/** Invocations of a function below which its beginning cannot be told from the rest. */
const FEW = 10;

export function learnColdStarts(
  invocations: readonly Invocation[],
  notes: string[],
): Pick<ApplicationProfile["platform"], "init" | "coldShare"> {
  const cold = invocations.filter(({ record }) => record.cold);
  const inits = cold.flatMap(({ report, record }) => report?.init ?? record.init ?? []);
  if (inits.length === 0) {
    notes.push(`No cold start was measured: ${ASSUMED.waitMs} ms of INIT and ${ASSUMED.cpuMs} vCPU-ms of first use are assumed.`);
  } else notes.push("How INIT grows with the code's size cannot be known from one bundle per function; taken as not at all.");
  const warmCpu = new Map<string, number[]>();
  for (const one of invocations) if (!one.record.cold) append(warmCpu, placeOf(one), one.record.cpu);
  const extra = cold.flatMap((one) => {
    const warm = warmCpu.get(placeOf(one));
    return warm ? [one.record.cpu - trimmedMean(warm)] : [];
  });
  return {
    init: {
      waitMs: inits.length > 0 ? trimmedMean(inits) : ASSUMED.waitMs,
      cpuMs: inits.length > 0 ? Math.max(0, trimmedMean(extra)) : ASSUMED.cpuMs,
      perMbCode: 0,
    },
    coldShare: steadyColdShare(invocations, notes),
  };
}

/**
 * A workload that begins needs its instances first, and more of them than later: requests pile up behind the first cold starts. That says
 * nothing about the share of cold starts later, so of each function the second half of its invocations is what counts, whether all of
 * the cold starts lie before it or one came late. Cold starts delay whom somebody waits for: where such
 * invocations were seen, others (long asynchronous work that needs one more instance now and then) do not count.
 */
function steadyColdShare(invocations: readonly Invocation[], notes: string[]): number {
  let counted = 0;
  let cold = 0;
  let beginning = 0;
  const awaited = invocations.filter(({ record }) => record.invoked !== "async");
  for (const list of Map.groupBy(awaited.length > 0 ? awaited : invocations, placeOf).values()) {
    const ordered = list.toSorted((a, b) => a.record.start - b.record.start);
    const late = ordered.slice(ordered.length < FEW ? 0 : Math.ceil(ordered.length / 2));
    const coldAmong = (some: readonly Invocation[]) => some.filter(({ record }) => record.cold).length;
    counted += late.length;
    cold += coldAmong(late);
    beginning += coldAmong(ordered) - coldAmong(late);
  }
  if (beginning > 0) notes.push(`${beginning} cold starts came while the workload began; they do not count as the rule.`);
  return cold / Math.max(1, counted);
}

const placeOf = ({ record }: Invocation): string => `${record.function} ${record.memory} ${record.setup}`;
