/** Stretches of time on one clock, ms. */
export type Interval = [start: number, end: number];

/** Disjoint, in order. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const [start, end] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** Total length of the union. */
export function covered(intervals: readonly Interval[]): number {
  return union(intervals).reduce((total, [start, end]) => total + end - start, 0);
}
