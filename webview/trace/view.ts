/** The trace tab: a waterfall with zoom along the time axis, and the log lines of the selected span. */
import { scaleLinear } from "d3-scale";
import { button, h } from "../dom.ts";
import { milliseconds, significant } from "../format.ts";
import { icon } from "../icons.ts";
import { fitText } from "../graph/measure.ts";
import { textWidth } from "../graph/text-width.ts";
import { shape, type Shape, toElement } from "../shapes.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";
import { layOutTrace, type LaneItem, type SpanItem, type TraceLayout } from "./layout.ts";

const ROW = 22;
const LANE_GAP = 8;
const AXIS = 28;

interface Window {
  from: number;
  to: number;
}

export function createTraceView(store: Store): HTMLElement {
  const canvas = h("div", { class: "waterfall" });
  const head = h("div", { class: "trace-head" });
  const log = h("div", { class: "span-log", role: "region", "aria-label": t("Selected span"), tabindex: 0 });
  const element = h("div", { class: "trace-view" }, head, canvas, log);
  const measure = textWidth();
  let layout: TraceLayout | undefined;
  let drawnTrace: string | undefined;
  let sight: Window = { from: 0, to: 1 };
  let selected: string | undefined;

  const gutter = () => (canvas.clientWidth < 700 ? 148 : 216);
  const timeScale = () => scaleLinear([sight.from, sight.to], [gutter(), Math.max(gutter() + 50, canvas.clientWidth - 16)]);

  function update(): void {
    if (store.view.tab !== "trace") return;
    const trace = store.model?.trace;
    log.hidden = trace === undefined;
    if (!trace) {
      layout = undefined;
      head.replaceChildren();
      canvas.replaceChildren(empty());
      return;
    }
    layout = layOutTrace(trace);
    if (trace.trace !== drawnTrace) {
      drawnTrace = trace.trace;
      selected = undefined;
      whole();
    }
    heading();
    draw();
  }

  function whole(): void {
    if (!layout) return;
    const room = (layout.end - layout.start) * 0.02;
    sight = { from: layout.start - (layout.start < 0 ? room : 0), to: layout.end + room };
  }

  function heading(): void {
    const { trace, traces = [] } = store.model ?? {};
    if (!trace || !layout) return;
    const cold = layout.lanes.filter((lane) => lane.init).length;
    const twice = layout.spans.filter((each) => each.look === "twice").reduce((sum, each) => sum + each.span.durationMs, 0);
    const others = traces.length > 1 ? picker(trace.trace, traces) : undefined;
    head.replaceChildren(
      ...(others ? [others] : [h("span", { class: "id", title: trace.trace }, t("Trace {0}", trace.trace.slice(0, 12)))]),
      h("span", {}, h("b", {}, milliseconds(trace.durationMs))),
      h("span", {}, t("{0} functions", new Set(layout.lanes.map((lane) => lane.function)).size)),
      ...(cold > 0
        ? [h("span", { class: "cold" }, icon("snowflake"), cold === 1 ? t("1 cold start") : t("{0} cold starts", cold))]
        : []),
      ...(twice > 0.05
        ? [h("span", { class: "warn" }, icon("warning"), t("{0} waited for and paid twice", milliseconds(twice)))]
        : []),
      h("span", { class: "spacer" }),
      button({
        label: t("Show All"),
        icon: "fit",
        bare: true,
        title: t("Show the whole request (0)"),
        onPress: () => {
          whole();
          draw();
        },
      }),
    );
  }

  function picker(current: string, traces: { trace: string; durationMs: number; cold: boolean; error: boolean }[]): HTMLElement {
    const select = h("select", { "aria-label": t("Trace") });
    for (const each of traces) {
      const text = [
        milliseconds(each.durationMs),
        each.cold ? t("cold") : "",
        each.error ? t("error") : "",
        each.trace.slice(0, 8),
      ]
        .filter(Boolean)
        .join(" · ");
      select.append(h("option", { value: each.trace, selected: each.trace === current }, text));
    }
    select.addEventListener("change", () => store.host.post({ type: "showTrace", trace: select.value }));
    return select;
  }

  function draw(): void {
    if (!layout || canvas.clientWidth === 0) return;
    const had = canvas.contains(document.activeElement);
    const tops: number[] = [];
    let y = AXIS;
    for (const lane of layout.lanes) {
      tops.push(y);
      y += lane.rows * ROW + LANE_GAP;
    }
    const x = timeScale();
    const width = canvas.clientWidth;
    const figure = shape(
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
      defs(width, y),
      axis(x, y, width),
      ...layout.lanes.map((lane, index) => laneShape(lane, tops[index] ?? 0, width)),
      shape(
        "g",
        { "clip-path": "url(#sight)" },
        ...layout.lanes.flatMap((lane, index) => (lane.init ? [initShape(lane.init, tops[index] ?? 0, x)] : [])),
        ...connectors(layout, tops, x),
        ...layout.spans.map((each) => spanShape(each, tops[each.lane] ?? 0, x)),
      ),
    );
    canvas.replaceChildren(toElement(figure));
    roving(had);
    describe();
  }

  function defs(width: number, height: number): Shape {
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
      shape("clipPath", { id: "sight" }, shape("rect", { x: gutter(), y: 0, width: Math.max(0, width - gutter()), height })),
    );
  }

  function axis(x: ReturnType<typeof timeScale>, height: number, width: number): Shape {
    const ticks = x.ticks(Math.max(2, Math.floor((width - gutter()) / 110)));
    return shape(
      "g",
      { class: "axes", "aria-hidden": "true" },
      ...ticks.flatMap((each) => [
        shape("path", { class: "grid", d: `M${x(each)},${AXIS - 8}V${height}` }),
        shape("text", { x: x(each), y: 14, "text-anchor": "middle" }, `${each < 0 ? "−" : ""}${significant(Math.abs(each))} ms`),
      ]),
    );
  }

  function laneShape(lane: LaneItem, top: number, width: number): Shape {
    const room = gutter() - 24;
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

  function connectors({ connectors: all }: TraceLayout, tops: number[], x: (time: number) => number): Shape[] {
    return all.map(({ from, to, kind }) => {
      const fromY = (tops[from.lane] ?? 0) + from.row * ROW + ROW / 2;
      const toY = (tops[to.lane] ?? 0) + to.row * ROW + ROW / 2;
      // A cold start comes between the call and the run.
      const init = to === layout?.spans.find((each) => each.lane === to.lane) ? layout.lanes[to.lane]?.init : undefined;
      const [a, b] = [x(from.span.startMs), x(init ? Math.max(init.start, from.span.startMs) : to.span.startMs)];
      const bend = Math.min(a, b) - 6;
      const path = `M${a},${fromY}H${bend}V${toY}H${b - 1}`;
      return shape("path", { class: `connector ${kind}`, d: path, "aria-hidden": "true" });
    });
  }

  function spanShape(each: SpanItem, top: number, x: (time: number) => number): Shape {
    const { span } = each;
    const [left, right] = [x(span.startMs), x(span.startMs + span.durationMs)];
    const y = top + each.row * ROW + 2;
    const high = ROW - 4;
    const wide = Math.max(2, right - left);
    const share = span.cpuMs === undefined || span.durationMs <= 0 ? 0 : Math.min(1, span.cpuMs / span.durationMs);
    // The visible part carries the name, so that it can be read while zoomed in.
    const from = Math.max(left, gutter());
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

  function describeSpan({ span, look, critical }: SpanItem): string {
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

  function describe(): void {
    const item = layout?.spans.find((each) => each.span.id === selected);
    if (!item) {
      log.replaceChildren(h("p", { class: "hint" }, t("Select a span to see its log lines.")));
      return;
    }
    const { span } = item;
    const task = store.model?.tasks.find((each) => each.name === span.task);
    log.replaceChildren(
      h(
        "header",
        {},
        h("b", {}, span.task),
        h("span", {}, describeSpan(item)),
        ...(task
          ? [
              h(
                "button",
                {
                  type: "button",
                  class: "link",
                  onclick: () => store.host.post({ type: "openSource", file: task.file, line: task.line }),
                },
                `${task.file}:${task.line}`,
              ),
            ]
          : []),
        ...(task
          ? [
              h(
                "button",
                {
                  type: "button",
                  class: "link",
                  onclick: () => store.patch({ tab: "graph", selection: { kind: "task", id: task.name } }),
                },
                t("Show in Graph"),
              ),
            ]
          : []),
      ),
      span.logs?.length ? h("pre", {}, span.logs.join("\n")) : h("p", { class: "hint" }, t("This span logged nothing.")),
    );
  }

  function roving(focus: boolean): void {
    const first = layout?.spans[0]?.span.id;
    const id = selected ?? first;
    const target = id === undefined ? null : canvas.querySelector<SVGElement>(`[data-span="${CSS.escape(id)}"]`);
    target?.setAttribute("tabindex", "0");
    if (focus) target?.focus();
  }

  const idOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<SVGElement>(".span")?.dataset["span"] : undefined;
  canvas.addEventListener("click", (event) => {
    const id = idOf(event.target);
    if (moved || id === undefined) return;
    selected = id;
    draw();
  });
  canvas.addEventListener("keydown", (event) => {
    const all = layout?.spans ?? [];
    const at = all.findIndex((each) => each.span.id === idOf(event.target));
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[
      event.key
    ];
    if (to !== undefined) {
      selected = all[Math.max(0, Math.min(all.length - 1, to))]?.span.id;
      draw();
    } else if (event.key === "Enter") {
      const task = store.model?.tasks.find((each) => each.name === all[at]?.span.task);
      if (task) store.host.post({ type: "openSource", file: task.file, line: task.line });
    } else if (event.key === "0") {
      whole();
      draw();
    } else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? 0.8 : 1.25, (sight.from + sight.to) / 2);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function zoom(factor: number, around: number): void {
    if (!layout) return;
    const length = Math.min((sight.to - sight.from) * factor, (layout.end - layout.start) * 1.2);
    if (length < 0.01) return;
    const share = (around - sight.from) / (sight.to - sight.from);
    sight = { from: around - share * length, to: around + (1 - share) * length };
    draw();
  }

  canvas.addEventListener(
    "wheel",
    (event) => {
      // Plain wheel zooms along the time axis; with Shift the page scrolls over many lanes.
      if (!layout || event.shiftKey) return;
      event.preventDefault();
      const left = canvas.getBoundingClientRect().left;
      zoom(Math.exp(event.deltaY * 0.002), timeScale().invert(Math.max(gutter(), event.clientX - left)));
    },
    { passive: false },
  );
  let grip: { x: number; sight: Window } | undefined;
  let moved = false;
  canvas.addEventListener("pointerdown", (event) => {
    grip = { x: event.clientX, sight };
    moved = false;
  });
  window.addEventListener("pointermove", (event) => {
    if (!grip || event.buttons === 0) return;
    if (Math.abs(event.clientX - grip.x) < 4 && !moved) return;
    moved = true;
    const perPixel = (grip.sight.to - grip.sight.from) / Math.max(50, canvas.clientWidth - gutter() - 16);
    const by = (grip.x - event.clientX) * perPixel;
    sight = { from: grip.sight.from + by, to: grip.sight.to + by };
    draw();
  });
  window.addEventListener("pointerup", () => {
    grip = undefined;
  });

  function empty(): HTMLElement {
    const none = (store.model?.tasks.length ?? 0) === 0;
    return h(
      "div",
      { class: "empty", role: "status" },
      icon("trace"),
      h("h2", {}, t("No trace yet.")),
      h("p", {}, t("Invoke a task or run a workload: the request then appears here over all the functions that it touched.")),
      h(
        "div",
        { class: "actions" },
        button({
          label: t("Invoke Task…"),
          kind: "primary",
          disabled: none,
          onPress: () => store.host.post({ type: "command", command: "invokeTask" }),
        }),
        button({
          label: t("Run Workload…"),
          kind: "secondary",
          disabled: none,
          onPress: () => store.host.post({ type: "command", command: "runWorkload" }),
        }),
      ),
    );
  }

  new ResizeObserver(draw).observe(canvas);
  let last = "";
  store.subscribe((what) => {
    if (what === "model" || store.view.tab !== last) update();
    last = store.view.tab;
  });
  return element;
}
