/**
 * Leaves out of the drawing what is out of sight, in pictures so large that a browser could not draw all of it in each frame.
 * The groups stay, so that every function and task can still be focused and is known to screen readers; only what is in them
 * goes. Of dashed lines the part in sight is drawn. What is a little outside is kept, so that most frames of a movement change nothing.
 */
import type { Viewport } from "./camera.ts";
import type { Layers } from "./draw.ts";
import { type Point, roundedPath } from "./paths.ts";
import type { BoxItem, LineItem, Picture, RowItem } from "./picture.ts";
import type { Rect } from "./stack.ts";

/** Below this many boxes, rows and lines everything is drawn. */
const SMALL = 400;
/** What is kept on each side, as a share of the view. */
const AROUND = 0.4;
/** How much more than this may be kept, in area, before it is worth leaving more out. */
const SPARE = 3;

export interface Sight {
  /** Call when the picture, or what is seen of it, has changed. */
  update(picture: Picture | undefined, viewport: Viewport, room: { width: number; height: number }): void;
  /** Draws everything again, for an export. */
  all(): void;
}

export function createSight(layers: Layers): Sight {
  let kept: Rect | undefined;
  let drawn: Picture | undefined;

  function mark(group: Element, out: boolean): void {
    if (group.hasAttribute("data-out") !== out) group.toggleAttribute("data-out", out);
  }

  function apply(region: Rect): void {
    layers.boxes.selectAll<SVGGElement, BoxItem>("g.box").each(function box(this: SVGGElement, each) {
      mark(this, !boxSeen(each, region));
    });
    layers.nodes.selectAll<SVGGElement, BoxItem>("g.header").each(function header(this: SVGGElement, each) {
      mark(this, !boxSeen(each, region));
    });
    layers.nodes.selectAll<SVGGElement, RowItem>("g.row, g.clone").each(function row(this: SVGGElement, each) {
      mark(this, !meet(each, region));
    });
    layers.lines.selectAll<SVGGElement, LineItem>("g.line").each(function line(this: SVGGElement, each) {
      const out = !lineSeen(each.points, region);
      mark(this, out);
      if (!out) shorten(this, each, region);
    });
  }

  return {
    update(picture, { k, x, y }, { width, height }) {
      if (!picture || width <= 0 || height <= 0) return;
      if (picture.boxes.length + picture.rows.length + picture.lines.length < SMALL) {
        if (kept) this.all();
        return;
      }
      const seen = { x: -x / k, y: -y / k, width: width / k, height: height / k };
      const wanted = {
        x: seen.x - seen.width * AROUND,
        y: seen.y - seen.height * AROUND,
        width: seen.width * (1 + 2 * AROUND),
        height: seen.height * (1 + 2 * AROUND),
      };
      const enough = kept && holds(kept, seen) && kept.width * kept.height <= wanted.width * wanted.height * SPARE;
      if (picture === drawn && enough) return;
      drawn = picture;
      kept = wanted;
      apply(wanted);
    },
    all() {
      kept = undefined;
      for (const each of layers.root.node()?.querySelectorAll("[data-out]") ?? []) each.removeAttribute("data-out");
      layers.lines.selectAll<SVGGElement, LineItem>("g.line.async").each(function line(this: SVGGElement, each) {
        const stroke = this.querySelector(".stroke");
        stroke?.setAttribute("d", roundedPath(each.points));
        stroke?.removeAttribute("stroke-dashoffset");
      });
    },
  };
}

/** Touching counts. */
const meet = (a: Rect, b: Rect): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

const holds = (outer: Rect, inner: Rect): boolean =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

const boxSeen = ({ rects }: BoxItem, region: Rect): boolean => Object.values(rects).some((rect) => meet(rect, region));

const lineSeen = (points: readonly Point[], region: Rect): boolean =>
  points.slice(1).some((to, index) => meet(between(points[index] ?? to, to), region));

/** Lines are made of level and upright stretches, so that each stretch is its own bounding box. */
function between([x, y]: Point, [toX, toY]: Point): Rect {
  return { x: Math.min(x, toX), y: Math.min(y, toY), width: Math.abs(x - toX), height: Math.abs(y - toY) };
}

/** Draws of a dashed line what is in the region: a browser cuts the whole line into dashes in each frame, seen or not. */
function shorten(group: SVGGElement, { points }: LineItem, region: Rect): void {
  const stroke = group.querySelector(".stroke[stroke-dasharray]");
  if (!stroke) return;
  const { part, skipped } = within(points, region);
  stroke.setAttribute("d", roundedPath(part));
  stroke.setAttribute("stroke-dashoffset", String(skipped));
}

/** The line from where it first enters the region to where it last leaves it, and how long it was before. */
export function within(points: readonly Point[], region: Rect): { part: Point[]; skipped: number } {
  const stretches = points.slice(1).map((to, index): [Point, Point] => [points[index] ?? to, to]);
  const first = stretches.findIndex(([from, to]) => meet(between(from, to), region));
  const last = stretches.findLastIndex(([from, to]) => meet(between(from, to), region));
  const [start, end] = [stretches[first], stretches[last]];
  if (!start || !end) return { part: [], skipped: 0 };
  const inside = ([x, y]: Point): Point => [
    Math.min(Math.max(x, region.x), region.x + region.width),
    Math.min(Math.max(y, region.y), region.y + region.height),
  ];
  const from = inside(start[0]);
  const before = [...stretches.slice(0, first), [start[0], from] as const];
  const skipped = before.reduce((sum, [a, b]) => sum + Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]), 0);
  return { part: [from, ...stretches.slice(first, last).map(([, to]) => to), inside(end[1])], skipped };
}
