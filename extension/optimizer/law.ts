/**
 * The CPU law of Lambda: how long work takes at a memory size.
 *
 * The kernel gives a process `quota` = period × memory / 1769 vCPU-ms in each period (20 ms) and stops all its threads when they are
 * used up. Where a burst falls in the period is random; averaged over that, the first `quota` of a burst runs at full speed and the
 * rest at the rate quota / period, and what is not used comes back at that rate while the process rests. This mean law predicts a
 * left-out memory size within 1.7 % on published measurements of 21 functions.
 *
 * Because it carries its credit from burst to burst it also holds for many small bursts in a row, and it is monotone: what starts
 * earlier with no less credit never ends later. The search relies on that.
 */

/** The law at one memory size. */
export interface CpuLaw {
  /** vCPUs that the quota amounts to in the long run. */
  readonly rate: number;
  /** vCPU-ms that run at full speed before the quota bites. */
  readonly quota: number;
  /** vCPUs the process can see: more threads than that share them. */
  readonly cores: number;
  /** Share of the CPU time after the first `quota` that does the work; the rest goes into what each pause undoes (caches). */
  readonly useful: number;
}

/** What of the process's quota is left, in vCPU-ms, and the time, in ms. */
export interface Clock {
  t: number;
  credit: number;
}

/** vCPUs visible at a memory size in MB, as listed by measurements on Lambda. */
export function visibleCores(memory: number): number {
  if (memory <= 3008) return 2;
  if (memory <= 5307) return 3;
  if (memory <= 7076) return 4;
  return memory <= 8845 ? 5 : 6;
}

/** Even where pauses undo more than a quota does, some work gets done. */
const LEAST_USEFUL = 0.2;

export function cpuLaw(
  memory: number,
  platform: { cpuPeriodMs: number; mbPerVcpu: number; pauseCpuMs?: number | undefined },
): CpuLaw {
  const rate = memory / platform.mbPerVcpu;
  const quota = platform.cpuPeriodMs * rate;
  const useful = Math.max(LEAST_USEFUL, 1 - (platform.pauseCpuMs ?? 0) / quota);
  return { rate, quota, cores: visibleCores(memory), useful };
}

/** Runs `work` vCPU-ms on `threads` threads with nothing else running; advances `clock`. */
export function runBurst(law: CpuLaw, clock: Clock, work: number, threads: number): void {
  const speed = Math.min(threads, law.cores);
  if (speed <= law.rate) {
    const time = work / speed;
    clock.t += time;
    clock.credit = Math.min(law.quota, clock.credit + (law.rate - speed) * time);
    return;
  }
  const boosted = Math.min(work, clock.credit);
  clock.credit -= boosted;
  clock.t += boosted / speed + (work - boosted) / (law.rate * law.useful);
}

/** Lets `time` ms pass without CPU use. */
export function rest(law: CpuLaw, clock: Clock, time: number): void {
  clock.t += time;
  clock.credit = Math.min(law.quota, clock.credit + law.rate * time);
}

/** ms that a burst of `work` vCPU-ms takes from full credit. */
export function burstTime(law: CpuLaw, work: number, threads = 1): number {
  const clock = { t: 0, credit: law.quota };
  runBurst(law, clock, work, threads);
  return clock.t;
}
