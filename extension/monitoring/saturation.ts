/** A saturated machine makes CPU work take longer than its share explains; that must not be mistaken for waiting of the tasks. */
import { runBurst } from "../optimizer/law.ts";
import { quantile } from "./statistics.ts";
import { append } from "./traces.ts";
import type { TaskRun } from "./task-runs.ts";

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
    for (const { cpu, wall, credit } of run.own) {
      if (cpu < HEAVY) continue;
      const clock = { t: 0, credit };
      runBurst(run.law, clock, cpu, 1);
      append(ratios, run.task, wall / clock.t);
    }
  }
  const medians = [...ratios.values()].map((values) => quantile(values, 0.5));
  const slowdown = medians.length < 2 ? 1 : Math.min(...medians);
  if (slowdown < NOTICEABLE) return { runs, slowdown: 1 };
  return { runs: runs.map((run) => ({ ...run, slowdown })), slowdown };
}
