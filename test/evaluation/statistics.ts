/** Intervals by bootstrap within blocks: requests of one block are drawn from that block only, so that what differs between blocks stays. */
import { mulberry32 } from "../../extension/optimizer/random.ts";
import { quantile } from "../../extension/monitoring/statistics.ts";

export interface Interval {
  low: number;
  high: number;
}

const DRAWS = 1000;
/** Of the intervals. */
export const LEVEL = 0.95;

/** `blocks`: the values of each block. */
export function bootstrap(
  blocks: readonly (readonly number[])[],
  statistic: (values: number[]) => number,
  seed: number,
): number[] {
  const random = mulberry32(seed);
  const draws: number[] = [];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const values: number[] = [];
    for (const block of blocks)
      for (let index = 0; index < block.length; index += 1) values.push(block[Math.floor(random() * block.length)]!);
    draws.push(statistic(values));
  }
  return draws;
}

export function intervalOf(draws: readonly number[]): Interval {
  const sorted = draws.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))] ?? Number.NaN;
  return { low: at((1 - LEVEL) / 2), high: at((1 + LEVEL) / 2) };
}

/** Interval of a ratio of two independent statistics. */
export function ratioInterval(ours: readonly number[], theirs: readonly number[]): Interval {
  return intervalOf(ours.map((value, index) => value / theirs[index % theirs.length]!));
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
