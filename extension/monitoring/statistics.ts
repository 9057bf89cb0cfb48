/** Means and quantiles. Empty input gives 0, so that summaries of nothing stay numbers. */
import type { LatencySummary } from "../core/measurement.ts";

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Linear interpolation between closest ranks (type 7 of Hyndman and Fan, the default of R and NumPy). */
export function quantile(values: readonly number[], q: number): number {
  return quantileOfSorted(
    [...values].sort((a, b) => a - b),
    q,
  );
}

function quantileOfSorted(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return 0;
  const position = (sorted.length - 1) * q;
  const low = Math.floor(position);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (position - low);
}

export function summary(values: readonly number[]): LatencySummary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => quantileOfSorted(sorted, q);
  return { mean: mean(sorted), p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/**
 * Mean without the `cut` share of smallest and of largest values, when there are enough to cut: what is to be predicted is a mean, so only
 * what cannot be the rule is left out.
 */
export function trimmedMean(values: readonly number[], cut = 0.02): number {
  const sorted = [...values].sort((a, b) => a - b);
  const drop = Math.floor(sorted.length * cut);
  return mean(sorted.slice(drop, sorted.length - drop));
}

/** Standard deviation / mean of the middle 90 %; 0 for fewer than three values. */
export function variation(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const drop = Math.floor(sorted.length * 0.05);
  const kept = sorted.slice(drop, sorted.length - drop);
  const center = mean(kept);
  if (kept.length < 3 || center <= 0) return 0;
  return Math.sqrt(mean(kept.map((value) => (value - center) ** 2))) / center;
}
