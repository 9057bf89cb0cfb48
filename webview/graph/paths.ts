/** Lines of the picture. */

export type Point = [number, number];

/** A path along the points with rounded corners. */
export function roundedPath(points: readonly Point[], radius = 6): string {
  const [first, ...rest] = withoutRepeats(points);
  if (!first) return "";
  let path = `M${first[0]},${first[1]}`;
  let from = first;
  rest.forEach((corner, index) => {
    const next = rest[index + 1];
    if (!next) {
      path += `L${corner[0]},${corner[1]}`;
      return;
    }
    const into = distance(from, corner);
    const out = distance(corner, next);
    const r = Math.min(radius, into / 2, out / 2);
    const [a, b] = [towards(corner, from, r, into), towards(corner, next, r, out)];
    path += `L${a[0]},${a[1]}Q${corner[0]},${corner[1]} ${b[0]},${b[1]}`;
    from = corner;
  });
  return path;
}

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const towards = (from: Point, to: Point, by: number, length: number): Point =>
  length === 0 ? from : [from[0] + ((to[0] - from[0]) * by) / length, from[1] + ((to[1] - from[1]) * by) / length];

function withoutRepeats(points: readonly Point[]): Point[] {
  return points.filter((point, index) => {
    const previous = points[index - 1];
    return !previous || distance(previous, point) > 0.01;
  });
}

/** Middle of the longest segment: where a label disturbs least. */
export function labelPoint(points: readonly Point[]): Point {
  let best: Point = points[0] ?? [0, 0];
  let longest = -1;
  points.forEach((to, index) => {
    const from = points[index - 1];
    if (!from) return;
    const length = distance(from, to) * (from[1] === to[1] ? 1.2 : 1);
    if (length <= longest) return;
    longest = length;
    best = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  });
  return best;
}

/** Arrow whose tip is at the origin, pointing right: filled for synchronous calls, open for asynchronous ones. */
export const arrow = (kind: "sync" | "async", size: number): string =>
  kind === "sync"
    ? `M0,0L${-size},${-size * 0.6}L${-size},${size * 0.6}Z`
    : `M${-size},${-size * 0.6}L0,0L${-size},${size * 0.6}`;

/** Dashes that come out even over the length, so that lines which share a stretch at either end do not blur there. */
export function dashes(points: readonly Point[], dash = 6, gap = 4): string {
  let length = 0;
  points.forEach((to, index) => {
    const from = points[index - 1];
    if (from) length += distance(from, to);
  });
  const periods = Math.max(1, Math.round(length / (dash + gap)));
  const period = length / periods;
  return `${((dash / (dash + gap)) * period).toFixed(3)} ${((gap / (dash + gap)) * period).toFixed(3)}`;
}
