/** The trace tab: a waterfall with zoom along the time axis, and the log lines of the selected span. */
import { scaleLinear } from "d3-scale";
import { button, h } from "../dom.ts";
import { milliseconds } from "../format.ts";
import { icon } from "../icons.ts";
import { textWidth } from "../graph/text-width.ts";
import { toElement } from "../shapes.ts";
import type { Store } from "../store.ts";
import type { TraceSummary } from "../protocol.ts";
import { t } from "../words.ts";
import { layOutTrace, type TraceLayout } from "./layout.ts";
import { describeSpan, waterfall } from "./waterfall.ts";

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
  let asked: string | undefined;

  const gutter = () => (canvas.clientWidth < 700 ? 148 : 216);
  const timeScale = () => scaleLinear([sight.from, sight.to], [gutter(), Math.max(gutter() + 50, canvas.clientWidth - 16)]);

  function update(): void {
    if (store.view.tab !== "trace") return;
    const trace = store.model?.trace;
    log.hidden = trace === undefined;
    askForTrace();
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
      if (store.view.trace !== trace.trace) store.patch({ trace: trace.trace });
    }
    heading();
    draw();
  }

  /** The host sends a trace when it is asked for one: the one looked at last, else the slowest. */
  function askForTrace(): void {
    const { trace, traces = [] } = store.model ?? {};
    const wanted = traces.find((each) => each.trace === store.view.trace) ?? traces[0];
    if (trace || !wanted || asked === wanted.trace) return;
    asked = wanted.trace;
    store.host.post({ type: "showTrace", trace: wanted.trace });
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

  function picker(current: string, traces: TraceSummary[]): HTMLElement {
    const select = h("select", { "aria-label": t("Trace") });
    const listed = [...traces.filter((each) => each.rank !== undefined), ...traces.filter((each) => each.rank === undefined)];
    for (const each of listed) {
      const text = [
        each.rank === "slowest" ? t("slowest") : each.rank,
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
    const figure = waterfall(layout, { x: timeScale(), width: canvas.clientWidth, gutter: gutter(), selected, measure });
    canvas.replaceChildren(toElement(figure));
    roving(had);
    describe();
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
