/** A saturated machine makes CPU work take longer than its share explains; that must not be mistaken for waiting of the tasks. */
import { quantile } from "./statistics.ts";
import { append } from "./traces.ts";
import type { Stretch, TaskRun } from "./task-runs.ts";

/** vCPU-ms from which a stretch says something about the machine: less is often lost beside waits for a database. */
const HEAVY = 50;
/** Slower than this is more than the law's own error (under 2 %). */
const NOTICEABLE = 1.03;

/**
 * The slowdown is that of the task that suffers least, and needs two tasks: one that really waits beside its CPU work looks the same.
 * 1 = none.
 */
export function withoutSaturation(runs: TaskRun[]): { runs: TaskRun[]; slowdown: number } {
  const ratios = new Map<string, number[]>();
  for (const run of runs) {
    if (run.mixed || run.invocation.record.cold) continue;
    for (const { cpu, wall, busy } of run.own) if (cpu >= HEAVY) append(ratios, run.task, wall / busy);
  }
  const medians = [...ratios.values()].map((values) => quantile(values, 0.5));
  const slowdown = medians.length < 2 ? 1 : Math.min(...medians);
  if (slowdown < NOTICEABLE) return { runs, slowdown: 1 };
  const stretched = (one: Stretch): Stretch => ({ ...one, busy: Math.min(one.wall, one.busy * slowdown) });
  return {
    runs: runs.map((run) => ({
      ...run,
      own: run.own.map(stretched),
      groups: run.groups.map((group) => ({ ...group, stretch: stretched(group.stretch) })),
    })),
    slowdown,
  };
}
