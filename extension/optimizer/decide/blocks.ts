/** Blocks of requests that compare two setups, and the numbers that a test needs of them. */
import { mulberry32 } from "../random.ts";

/** One block of requests to one setup, as measured. */
export interface Block {
  requests: number;
  errors: number;
  /** Mean of root requests, ms. */
  latency: number;
  /** US dollars per root request. */
  cost: number;
  /** Share of requests slower than the limit that both setups are held to; see `tailLimit`. */
  slow?: number;
  /** A probe showed the machine saturated while it ran: it says nothing about the setup. */
  void?: boolean;
}

export interface BlockPair {
  old: Block;
  new: Block;
}

export type Arm = "old" | "new";

/** Which setup goes first in each pair, by a fair coin from `seed`. Alternate as it says; on AWS run both at once. */
export function blockOrder(pairs: number, seed: number): [first: Arm, second: Arm][] {
  const random = mulberry32(seed);
  return Array.from({ length: pairs }, () => (random() < 0.5 ? ["old", "new"] : ["new", "old"]));
}

/** Ten autocorrelation times, so that blocks say nothing about each other; at least 20. */
export function blockRequests(autocorrelation = 2.2): number {
  return Math.max(20, Math.ceil(10 * autocorrelation));
}

/**
 * Integrated autocorrelation time of single requests in order, at least 1: by how much n must be divided to count independent ones.
 * Summed up to the first lag that is not positive (Geyer's initial positive sequence, taken lag by lag).
 */
export function autocorrelationTime(values: readonly number[]): number {
  const n = values.length;
  if (n < 4) return 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const at = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (values[i]! - mean) * (values[i - lag]! - mean);
    return sum / n;
  };
  const variance = at(0);
  if (variance <= 0) return 1;
  let time = 1;
  for (let lag = 1; lag < n / 4; lag++) {
    const correlation = at(lag) / variance;
    if (correlation <= 0) break;
    time += 2 * correlation;
  }
  return time;
}

/** ms above which a request counts as slow: the goal's p95 limit, or else the old setup's own p95 before the comparison began. */
export function tailLimit(goalP95: number | undefined, oldP95: number): number {
  return goalP95 ?? oldP95;
}

/** Pairs in which both blocks count. */
export function validPairs(pairs: readonly BlockPair[]): BlockPair[] {
  return pairs.filter((pair) => !pair.old.void && !pair.new.void && pair.old.requests > 0 && pair.new.requests > 0);
}

/** ln(new / old) of a positive quantity, pair by pair. */
export function logRatios(pairs: readonly BlockPair[], of: (block: Block) => number): number[] {
  return pairs.flatMap((pair) => {
    const ratio = of(pair.new) / of(pair.old);
    return ratio > 0 && Number.isFinite(ratio) ? [Math.log(ratio)] : [];
  });
}

/** new − old of the shares of slow requests. */
export function tailDifferences(pairs: readonly BlockPair[]): number[] {
  return pairs.flatMap((pair) =>
    pair.new.slow === undefined || pair.old.slow === undefined ? [] : [pair.new.slow - pair.old.slow],
  );
}

/**
 * Evidence (e-value) that things which happen now and then, errors or void blocks, happen more often under the new setup: where both are
 * alike, each falls on the new one as often as on the old. Mean over a few shares above one half.
 */
export function moreOften(underNew: number, underOld: number): number {
  const shares = [0.6, 0.75, 0.9, 0.99];
  const logs = shares.map((share) => underNew * Math.log(2 * share) + underOld * Math.log(2 * (1 - share)));
  return logs.reduce((sum, log) => sum + Math.exp(Math.min(700, log)), 0) / shares.length;
}
