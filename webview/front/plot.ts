/**
 * Setups by cost and latency: dominated ones grey, the Pareto front as steps, the current setup ringed, measured points
 * filled with error bars, predicted ones hollow. Pure, so that reports draw the same picture as the panel.
 */
import { scaleLinear, scaleLog } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import { dollars, milliseconds, significant } from "../format.ts";
import type { FrontPointView } from "../protocol.ts";
import { shape, type Shape } from "../shapes.ts";
import { t } from "../words.ts";

export interface PlotSize {
  width: number;
  height: number;
}

export interface PlotOptions extends PlotSize {
  /** Id of the setup that is picked, if any. */
  picked?: string | undefined;
  /** Width of a text in px at 11 px; an estimate will do. */
  measure?: (text: string) => number;
}

export interface Placed {
  point: FrontPointView;
  x: number;
  y: number;
}

export interface Plot {
  shape: Shape;
  /** In order of cost, then latency: the order of the arrow keys. */
  placed: Placed[];
}

/** ms; a logarithmic axis has no zero. */
const SHORTEST = 0.01;
const round = (value: number): number => Math.round(value * 10) / 10;

const MARGIN = { top: 36, right: 24, bottom: 44, left: 60 };

export function plotFront(points: readonly FrontPointView[], options: PlotOptions): Plot {
  const { width, height, measure = (text) => text.length * 6.2 } = options;
  const x = costScale(points, width);
  const log = latencyScale(points, height);
  const y = (latency: number) => round(log(Math.max(latency, SHORTEST)));
  const placed = points
    .map((point) => ({ point, x: round(x(point.costPerMillion)), y: y(point.latencyMs) }))
    .toSorted((a, b) => a.point.costPerMillion - b.point.costPerMillion || a.point.latencyMs - b.point.latencyMs);
  const front = steps(placed);
  const path = line<Placed>(
    (each) => each.x,
    (each) => each.y,
  ).curve(curveStepAfter)(front);
  const label = t("Setups by cost and latency: {0} in all, {1} on the front", points.length, front.length);
  const figure = shape(
    "svg",
    { class: "front-plot", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": label },
    axes(x, log, width, height),
    shape("path", { class: "front-line", d: path ?? "" }),
    ...placed.filter((each) => each.point.dominated).map((each) => mark(each, x, y, options)),
    ...placed.filter((each) => !each.point.dominated).map((each) => mark(each, x, y, options)),
    ...labels(placed, front, width, measure),
  );
  return { shape: figure, placed };
}

/** What no other point, measured or predicted, is better than in both. */
function steps(placed: readonly Placed[]): Placed[] {
  const result: Placed[] = [];
  for (const each of placed) {
    if (each.point.dominated) continue;
    const last = result.at(-1);
    if (!last || each.point.latencyMs < last.point.latencyMs) result.push(each);
  }
  return result;
}

const costs = (point: FrontPointView) => [point.costPerMillion, ...(point.costInterval ?? [])];
const latencies = (point: FrontPointView) => [point.latencyMs, ...(point.latencyInterval ?? [])];

function costScale(points: readonly FrontPointView[], width: number) {
  const all = points.flatMap(costs);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = Math.max((high - low) * 0.08, high * 0.02, 0.01);
  return scaleLinear([Math.max(0, low - room), high + room], [MARGIN.left, width - MARGIN.right]).nice(6);
}

function latencyScale(points: readonly FrontPointView[], height: number) {
  const all = points.flatMap(latencies).map((each) => Math.max(each, SHORTEST));
  return scaleLog([Math.min(...all) / 1.15, Math.max(...all) * 1.15], [height - MARGIN.bottom, MARGIN.top]);
}

/** 1, 2, 5, 10, … within the domain; where these are few, also the numbers between. */
export function logTicks(low: number, high: number): number[] {
  const within = (steps: number[]) => {
    const result: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      for (const step of steps) {
        const value = Number((step * 10 ** power).toPrecision(3));
        if (value >= low && value <= high) result.push(value);
      }
    }
    return result;
  };
  for (const steps of [[1], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]]) {
    const ticks = within(steps);
    if (ticks.length >= 4) return ticks;
  }
  return within([1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9]);
}

function axes(
  x: ReturnType<typeof scaleLinear<number, number>>,
  y: ReturnType<typeof scaleLog<number, number>>,
  width: number,
  height: number,
): Shape {
  const [low = 1, high = 10] = y.domain();
  const floor = height - MARGIN.bottom;
  const ticks = x.ticks(Math.max(3, Math.floor(width / 120)));
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0));
  const decimals = Number.isInteger(step) ? 0 : Math.max(2, Math.ceil(-Math.log10(step)));
  return shape(
    "g",
    { class: "axes", "aria-hidden": "true" },
    ...ticks.flatMap((each) => [
      shape("path", { class: "grid", d: `M${round(x(each))},${MARGIN.top}V${floor}` }),
      shape("text", { x: round(x(each)), y: floor + 18, "text-anchor": "middle" }, `$${each.toFixed(decimals)}`),
    ]),
    ...logTicks(low, high).flatMap((each) => [
      shape("path", { class: "grid", d: `M${MARGIN.left},${round(y(each))}H${width - MARGIN.right}` }),
      shape("text", { x: MARGIN.left - 8, y: round(y(each) + 4), "text-anchor": "end" }, significant(each)),
    ]),
    shape("path", { class: "axis", d: `M${MARGIN.left},${MARGIN.top}V${floor}H${width - MARGIN.right}` }),
    shape("text", { class: "title", x: MARGIN.left - 8, y: 20, "text-anchor": "start" }, t("Latency, ms (logarithmic)")),
    shape(
      "text",
      { class: "title", x: width - MARGIN.right, y: height - 8, "text-anchor": "end" },
      t("Cost, US dollars per million requests"),
    ),
  );
}

function mark(each: Placed, x: (value: number) => number, y: (value: number) => number, { picked }: PlotOptions): Shape {
  const { point } = each;
  const parts: Shape[] = [];
  if (point.latencyInterval) {
    const [low, high] = point.latencyInterval;
    parts.push(shape("path", { class: "interval", d: `M${each.x},${y(low)}V${y(high)}m-3,0h6M${each.x - 3},${y(low)}h6` }));
  }
  if (point.costInterval) {
    const [low, high] = point.costInterval;
    parts.push(shape("path", { class: "interval", d: `M${x(low)},${each.y}H${x(high)}m0,-3v6M${x(low)},${each.y - 3}v6` }));
  }
  if (point.current) parts.push(shape("circle", { class: "ring", cx: each.x, cy: each.y, r: 9 }));
  if (point.setup.id === picked) parts.push(shape("circle", { class: "picked", cx: each.x, cy: each.y, r: 9 }));
  parts.push(
    shape("circle", { class: "reach", cx: each.x, cy: each.y, r: 10 }),
    shape("circle", { class: "dot", cx: each.x, cy: each.y, r: point.dominated ? 3 : 4.5 }),
  );
  const kind = [
    point.dominated ? "dominated" : "best",
    point.measured ? "measured" : "predicted",
    point.current ? "current" : "",
  ];
  return shape(
    "g",
    {
      class: `point ${kind.filter(Boolean).join(" ")}`,
      role: "button",
      tabindex: -1,
      "data-setup": point.setup.id,
      "aria-label": describe(point),
      "aria-pressed": String(point.setup.id === picked),
    },
    ...parts,
  );
}

export function describe(point: FrontPointView): string {
  return [
    ...(point.current ? [t("current setup")] : []),
    ...point.labels.map((each) => t(each)),
    point.measured ? t("measured") : t("predicted"),
    milliseconds(point.latencyMs),
    t("{0} per million requests", dollars(point.costPerMillion)),
    ...(point.dominated ? [t("dominated")] : []),
  ].join(", ");
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Names of the picks, each beside its point where it covers neither another name nor a point of the front. */
function labels(placed: readonly Placed[], front: readonly Placed[], width: number, measure: (text: string) => number): Shape[] {
  const taken: Box[] = placed.map((each) => {
    const size = each.point.current ? 11 : each.point.dominated ? 4 : 7;
    return { x: each.x - size, y: each.y - size, width: 2 * size, height: 2 * size };
  });
  front.forEach((from, index) => {
    const to = front[index + 1];
    if (!to) return;
    taken.push(
      { x: from.x, y: from.y - 1, width: to.x - from.x, height: 2 },
      { x: to.x - 1, y: from.y, width: 2, height: to.y - from.y },
    );
  });
  const result: Shape[] = [];
  for (const { point, x, y } of placed) {
    const names = [...(point.current ? [t("current")] : []), ...point.labels.map((each) => t(each))];
    if (names.length === 0) continue;
    const text = names.join(" · ");
    const wide = measure(text);
    const gap = point.current ? 14 : 10;
    const spots: [number, number][] = [
      [x + gap, y - 8],
      [x - gap - wide, y - 8],
      [x + gap, y - 20],
      [x - gap - wide, y + 4],
      [x - wide / 2, y - gap - 16],
      [x - wide / 2, y + gap],
      [x + gap, y + 4],
      [x - gap - wide, y - 20],
    ];
    const free = spots.find(([left, top]) => {
      const box = { x: left, y: top, width: wide, height: 16 };
      return left >= MARGIN.left + 4 && left + wide <= width - 4 && !taken.some((other) => overlap(other, box));
    });
    const [left, top] = free ?? spots[0] ?? [x, y];
    taken.push({ x: left, y: top, width: wide, height: 16 });
    result.push(shape("text", { class: "pick", x: left, y: top + 12, "aria-hidden": "true" }, text));
  }
  return result;
}

const overlap = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
