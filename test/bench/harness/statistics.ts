export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

export function summarize(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2,
    least: sorted[0] as number,
    most: sorted.at(-1) as number,
    count: sorted.length,
  };
}

/** The value below which `percent` of the values lie (nearest rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** An order of `count` peers that differs from round to round, so that none always follows the same other. */
export function orderOfRound(count: number, round: number): number[] {
  const order = Array.from({ length: count }, (_, index) => (index + round) % count);
  return Math.floor(round / count) % 2 === 0 ? order : order.toReversed();
}
