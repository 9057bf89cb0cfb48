/**
 * What the quota's pauses cost: each time a process is stopped its caches grow cold, and the work that follows takes more CPU. It shows
 * where the same task's CPU work was seen at two memory sizes; at one size it cannot be told apart from the work itself.
 */
import { cpuLaw, type CpuLaw } from "../optimizer/law.ts";
import { sum, trimmedMean } from "./statistics.ts";
import { PLATFORM, type Stretch, type TaskRun } from "./task-runs.ts";

/** vCPU-ms of a run from which its pauses weigh more than the noise of its work. */
const HEAVY = 50;
/** Runs of a task at a size from which their mean is trusted. */
const ENOUGH = 5;
/** Sizes must differ by this factor for their pauses to differ enough. */
const APART = 1.9;
/** Of the smallest quota: more than this is no pause any more but another fault. */
const MOST = 0.5;

export interface Pauses {
  /** vCPU-ms lost per pause; undefined where these runs cannot tell. */
  pauseCpuMs: number | undefined;
  /** Tasks whose work was throttled and seen at one size only. */
  undecided: string[];
}

/**
 * A task's CPU time c at quota q, nearly all of it throttled, holds work W and one pause per quota: c = W + d (c / q - 1). Two sizes give d;
 * over all tasks the differences are added up, so that heavy tasks weigh most.
 */
export function learnPauses(runs: readonly TaskRun[]): Pauses {
  const above: number[] = [];
  const below: number[] = [];
  const undecided: string[] = [];
  let least = Infinity;
  for (const [task, all] of Map.groupBy(runs, (run) => run.task)) {
    const heavy = all.filter((run) => !run.mixed && !run.invocation.record.cold && run.law.rate < 1 && ownCpu(run) >= HEAVY);
    const sizes = [...Map.groupBy(heavy, (run) => run.law.rate)]
      .filter(([, list]) => list.length >= ENOUGH)
      .sort(([a], [b]) => a - b)
      .map(([, list]) => ({ quota: list[0]!.law.quota, rate: list[0]!.law.rate, cpu: trimmedMean(list.map(ownCpu)) }));
    const small = sizes[0];
    const large = sizes.at(-1);
    if (!small || !large) continue;
    if (large.rate < small.rate * APART) {
      undecided.push(task);
      continue;
    }
    least = Math.min(least, small.quota);
    above.push(small.cpu - large.cpu);
    below.push(small.cpu / small.quota - large.cpu / large.quota);
  }
  if (above.length === 0) return { pauseCpuMs: undefined, undecided: undecided.sort() };
  return { pauseCpuMs: Math.min(MOST * least, Math.max(0, sum(above) / sum(below))), undecided: [] };
}

const ownCpu = (run: TaskRun): number => sum(run.own.map(({ cpu }) => cpu));

/** The runs, each stretch with the share of its CPU time that did work. */
export function withoutPauses(runs: readonly TaskRun[], pauseCpuMs: number | undefined): TaskRun[] {
  if (!pauseCpuMs) return [...runs];
  const share = (one: Stretch, law: CpuLaw): Stretch => {
    if (law.rate >= 1 || one.cpu <= one.credit) return one;
    return { ...one, useful: (one.credit + (one.cpu - one.credit) * law.useful) / one.cpu };
  };
  return runs.map((run) => {
    const law = cpuLaw(run.invocation.record.memory, { ...PLATFORM, pauseCpuMs });
    return {
      ...run,
      own: run.own.map((one) => share(one, law)),
      groups: run.groups.map((group) => ({ ...group, stretch: share(group.stretch, law) })),
    };
  });
}
