/** The waterfall as shapes: lanes, INIT, spans, connectors. Pure. */
import type { ScaleLinear } from "d3-scale";
import { milliseconds, significant } from "../format.ts";
import { fitText, type Measure } from "../graph/measure.ts";
import { shape, type Shape } from "../shapes.ts";
import { t } from "../words.ts";
import type { LaneItem, SpanItem, TraceLayout } from "./layout.ts";

const ROW = 22;
const LANE_GAP = 8;
const AXIS = 28;

export type TimeScale = ScaleLinear<number, number>;

export interface WaterfallOptions {
  x: TimeScale;
  /** px, of the whole picture. */
  width: number;
  /** px, for the names of lanes. */
  gutter: number;
  selected: string | undefined;
  measure: Measure;
}

export function waterfall(layout: TraceLayout, options: WaterfallOptions): Shape {
  const { x, width, gutter, measure } = options;
  const tops: number[] = [];
  let y = AXIS;
  for (const lane of layout.lanes) {
    tops.push(y);
    y += lane.rows * ROW + LANE_GAP;
  }
  return shape(
    "svg",
    {
      class: "trace",
      width,
      height: y,
      role: "group",
      "aria-label": t(
        "Trace: {0} spans in {1} instances. Arrow keys move between spans.",
        layout.spans.length,
        layout.lanes.length,
      ),
    },
    defs(gutter, width, y),
    axis(x, y, gutter, width),
    ...layout.lanes.map((lane, index) => laneShape(lane, tops[index] ?? 0, gutter, width, measure)),
    shape(
      "g",
      { "clip-path": "url(#sight)" },
      ...layout.lanes.flatMap((lane, index) => (lane.init ? [initShape(lane.init, tops[index] ?? 0, x)] : [])),
      ...connectors(layout, tops, x),
      ...layout.spans.map((each) => spanShape(each, tops[each.lane] ?? 0, x, options)),
    ),
  );
}

function defs(gutter: number, width: number, height: number): Shape {
  const hatch = (id: string) =>
    shape(
      "pattern",
      { id, patternUnits: "userSpaceOnUse", width: 6, height: 6 },
      shape("path", { class: id, d: "M-1,1L1,-1M0,6L6,0M5,7L7,5" }),
    );
  return shape(
    "defs",
    {},
    hatch("hatch-twice"),
    hatch("hatch-handover"),
    shape("clipPath", { id: "sight" }, shape("rect", { x: gutter, y: 0, width: Math.max(0, width - gutter), height })),
  );
}

function axis(x: TimeScale, height: number, gutter: number, width: number): Shape {
  const ticks = x.ticks(Math.max(2, Math.floor((width - gutter) / 110)));
  return shape(
    "g",
    { class: "axes", "aria-hidden": "true" },
    ...ticks.flatMap((each) => [
      shape("path", { class: "grid", d: `M${x(each)},${AXIS - 8}V${height}` }),
      shape("text", { x: x(each), y: 14, "text-anchor": "middle" }, `${each < 0 ? "−" : ""}${significant(Math.abs(each))} ms`),
    ]),
  );
}

function laneShape(lane: LaneItem, top: number, gutter: number, width: number, measure: Measure): Shape {
  const room = gutter - 24;
  const memory = ` · ${lane.memory} MB`;
  const name = fitText(lane.function, room - measure(memory, "header") - (lane.init ? 18 : 0), "header", measure);
  return shape(
    "g",
    { class: "lane" },
    shape("path", { class: "grid", d: `M0,${top - LANE_GAP / 2}H${width}` }),
    shape(
      "text",
      { class: "title", x: 12, y: top + 15 },
      name,
      shape("tspan", { class: "metric" }, memory),
      ...(lane.init ? [shape("tspan", { class: "metric cold" }, " ❄")] : []),
    ),
    ...(lane.rows > 1
      ? [shape("text", { class: "metric", x: 12, y: top + 15 + ROW - 4 }, fitText(lane.instance, room, "metric", measure))]
      : []),
  );
}

const initShape = (init: { start: number; duration: number }, top: number, x: (time: number) => number): Shape => {
  const [left, right] = [x(init.start), x(init.start + init.duration)];
  return shape(
    "g",
    { class: "init" },
    shape("rect", { x: left, y: top + 2, width: Math.max(1, right - left), height: ROW - 4, rx: 2 }),
    ...(right - left > 40 ? [shape("text", { x: left + 6, y: top + 15 }, "INIT")] : []),
    shape("title", {}, t("INIT {0}", milliseconds(init.duration))),
  );
};

function connectors(layout: TraceLayout, tops: number[], x: (time: number) => number): Shape[] {
  return layout.connectors.map(({ from, to, kind }) => {
    const fromY = (tops[from.lane] ?? 0) + from.row * ROW + ROW / 2;
    const toY = (tops[to.lane] ?? 0) + to.row * ROW + ROW / 2;
    // A cold start comes between the call and the run.
    const init = to === layout.spans.find((each) => each.lane === to.lane) ? layout.lanes[to.lane]?.init : undefined;
    const [a, b] = [x(from.span.startMs), x(init ? Math.max(init.start, from.span.startMs) : to.span.startMs)];
    const bend = Math.min(a, b) - 6;
    const path = `M${a},${fromY}H${bend}V${toY}H${b - 1}`;
    return shape("path", { class: `connector ${kind}`, d: path, "aria-hidden": "true" });
  });
}

function spanShape(each: SpanItem, top: number, x: TimeScale, { gutter, selected, measure }: WaterfallOptions): Shape {
  const { span } = each;
  const [left, right] = [x(span.startMs), x(span.startMs + span.durationMs)];
  const y = top + each.row * ROW + 2;
  const high = ROW - 4;
  const wide = Math.max(2, right - left);
  const share = span.cpuMs === undefined || span.durationMs <= 0 ? 0 : Math.min(1, span.cpuMs / span.durationMs);
  // The visible part carries the name, so that it can be read while zoomed in.
  const from = Math.max(left, gutter);
  const label = each.look === "run" ? span.task : t("waits for {0}", span.task);
  const room = right - from - 12;
  const name = each.look === "handover" ? span.task : label;
  const fits = each.look === "run" ? room > 24 : room > measure(name, "metric");
  const text = fits ? fitText(name, room, "metric", measure) : "";
  return shape(
    "g",
    {
      class: `span ${each.look}${each.critical ? " critical" : ""}${span.error ? " failed" : ""}${span.id === selected ? " selected" : ""}`,
      role: "button",
      tabindex: -1,
      "data-span": span.id,
      "aria-pressed": String(span.id === selected),
      "aria-label": describeSpan(each),
    },
    shape("rect", { class: "body", x: left, y, width: wide, height: high, rx: 2 }),
    ...(each.look === "run" && share > 0
      ? [shape("rect", { class: "cpu", x: left, y: y + high * (1 - share), width: wide, height: high * share })]
      : []),
    ...(each.look === "run"
      ? []
      : [shape("rect", { class: "hatched", x: left, y, width: wide, height: high, fill: `url(#hatch-${each.look})` })]),
    shape("rect", { class: "edge", x: left, y, width: wide, height: high, rx: 2 }),
    ...(text.length > 2 ? [shape("text", { class: "metric", x: from + 6, y: y + 13 }, text)] : []),
    shape("title", {}, describeSpan(each)),
  );
}

export function describeSpan({ span, look, critical }: SpanItem): string {
  const parts = [
    look === "run"
      ? t("Task {0}", span.task)
      : look === "twice"
        ? t("waits for {0}, paid twice", span.task)
        : t("hands an event to {0}", span.task),
    t("from {0} for {1}", milliseconds(span.startMs), milliseconds(span.durationMs)),
  ];
  if (span.cpuMs !== undefined && look === "run") parts.push(t("CPU {0}", milliseconds(span.cpuMs)));
  if (critical) parts.push(t("on the critical path"));
  if (span.error) parts.push(t("failed with {0}", span.error));
  return parts.join(", ");
}
