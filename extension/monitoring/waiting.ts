/** How much of a stretch of time was waiting, when its CPU work was slowed by the quota: the CPU law, solved backwards. */
import { rest, runBurst, type CpuLaw } from "../optimizer/law.ts";
import { mean, trimmedMean } from "./statistics.ts";

export interface Observed {
  cpu: number;
  wall: number;
  /** ms of `wall` that are known to be spent waiting, e.g. for a callee; default 0. */
  elsewhere?: number;
  credit: number;
  law: CpuLaw;
  slowdown: number;
}

/** The law's own error on a few short bursts, as a share of the time they are throttled. */
const LAW_ERROR = 0.25;
/** Share of the quota that counts as none left. */
const STARVED = 0.1;
/** Observations at one memory size from which its waits are trusted over those at smaller sizes. */
const ENOUGH = 10;

/**
 * ms of waiting, on average: the observations made with the most CPU count, because there the least of the time is throttling.
 * The work is taken to be done in two bursts with the wait between them, `first` of it in the first. While the quota is used up, up to
 * a period of waiting leaves no trace; of all waits that explain the time within the law's error the one nearest to `prior` is taken.
 */
export function waitOf(observed: readonly Observed[], first: number, prior: number): number {
  const bySize = Map.groupBy(observed, ({ law, slowdown }) => `${law.rate} ${slowdown}`);
  const sizes = [...bySize.values()].sort((a, b) => b[0]!.law.rate - a[0]!.law.rate);
  const chosen = sizes.find((list) => list.length >= ENOUGH) ?? sizes.sort((a, b) => b.length - a.length)[0];
  if (!chosen) return 0;
  const { law, slowdown } = chosen[0]!;
  const cpu = trimmedMean(chosen.map((one) => one.cpu));
  const credit = mean(chosen.map((one) => one.credit));
  const elsewhere = mean(chosen.map((one) => one.elsewhere ?? 0));
  // Differences first: a callee that is slow now and then must not count in the one mean and be cut from the other.
  const wall = elsewhere + trimmedMean(chosen.map((one) => one.wall - (one.elsewhere ?? 0)));
  const takes = (wait: number) => totalTime(law, credit, cpu, first, wait + elsewhere, slowdown);
  // When a stretch begins with the quota used up, its first work waits for the next period: half of one on average, which the law does not know.
  const stopped = law.rate < 1 ? mean(chosen.map((one) => Number(one.credit < STARVED * law.quota))) : 0;
  const error = LAW_ERROR * Math.max(0, takes(0) - elsewhere - cpu * slowdown) + (stopped * law.quota) / law.rate / 2;
  const least = solve(takes, wall - error, false);
  const most = solve(takes, wall + error, true);
  return Math.min(most, Math.max(least, prior));
}

function totalTime(law: CpuLaw, credit: number, cpu: number, first: number, wait: number, slowdown: number): number {
  const clock = { t: 0, credit };
  runBurst(law, clock, cpu * first, 1);
  rest(law, clock, wait);
  runBurst(law, clock, cpu * (1 - first), 1);
  return (clock.t - wait) * slowdown + wait;
}

/** The least or the largest wait in [0, wall] that takes `wall` ms in all; time never falls as waits grow. */
function solve(takes: (wait: number) => number, wall: number, largest: boolean): number {
  const near = 1e-6 * (1 + wall);
  let low = 0;
  let high = wall;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const time = takes(middle);
    if (largest ? time <= wall + near : time < wall - near) low = middle;
    else high = middle;
  }
  return low;
}
