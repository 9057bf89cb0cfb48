/** The front tab: the plot, and a column about the setup that is pointed at or picked. */
import { button, h } from "../dom.ts";
import { change, dollars, milliseconds } from "../format.ts";
import { icon } from "../icons.ts";
import type { FrontPointView } from "../protocol.ts";
import { toElement } from "../shapes.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";
import { plotFront, type Placed } from "./plot.ts";

export function createFrontView(store: Store): HTMLElement {
  const canvas = h("div", { class: "canvas" });
  const column = h("aside", { class: "details", "aria-label": t("Setup") });
  const element = h("div", { class: "front-view" }, canvas, column);
  let placed: Placed[] = [];
  let pointed: string | undefined;
  let focused: string | undefined;

  const find = (id: string | undefined) =>
    id === undefined ? undefined : store.model?.front.find((each) => each.setup.id === id);
  const shown = (): FrontPointView | undefined => {
    const front = store.model?.front ?? [];
    return (
      find(pointed) ??
      find(store.view.picked) ??
      front.find((each) => each.labels.includes("suggested")) ??
      front.find((each) => each.current) ??
      front[0]
    );
  };

  function draw(): void {
    if (store.view.tab !== "front") return;
    const points = store.model?.front ?? [];
    column.hidden = points.length === 0;
    if (points.length === 0) {
      canvas.replaceChildren(empty());
      return;
    }
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth === 0 || clientHeight === 0) return;
    const had = canvas.contains(document.activeElement);
    const plot = plotFront(points, { width: clientWidth, height: clientHeight, picked: store.view.picked });
    ({ placed } = plot);
    canvas.replaceChildren(toElement(plot.shape), key());
    roving(had);
    describe();
  }

  function roving(focus: boolean): void {
    const ids = placed.map((each) => each.point.setup.id);
    const start = focused !== undefined && ids.includes(focused) ? focused : (store.view.picked ?? shown()?.setup.id ?? ids[0]);
    const target = start === undefined ? null : canvas.querySelector<SVGElement>(`[data-setup="${CSS.escape(start)}"]`);
    target?.setAttribute("tabindex", "0");
    if (focus) target?.focus();
  }

  function pick(id: string): void {
    store.patch({ picked: id, side: find(id)?.current ? "before" : "after" });
  }

  const idOf = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<SVGElement>(".point")?.dataset["setup"] : undefined;
  canvas.addEventListener("click", (event) => {
    const id = idOf(event.target);
    if (id !== undefined) pick(id);
  });
  canvas.addEventListener("dblclick", (event) => {
    if (idOf(event.target) !== undefined) store.patch({ tab: "graph" });
  });
  canvas.addEventListener("pointerover", (event) => point(idOf(event.target)));
  canvas.addEventListener("pointerleave", () => point(undefined));
  canvas.addEventListener("focusin", (event) => {
    focused = idOf(event.target);
    point(focused);
  });
  canvas.addEventListener("focusout", () => point(undefined));
  canvas.addEventListener("keydown", (event) => {
    const id = idOf(event.target);
    const at = placed.findIndex((each) => each.point.setup.id === id);
    if (id === undefined || at < 0) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: placed.length - 1 }[
      event.key
    ];
    if (to !== undefined) {
      const next = placed[Math.max(0, Math.min(placed.length - 1, to))]?.point.setup.id;
      for (const each of canvas.querySelectorAll(".point")) each.setAttribute("tabindex", "-1");
      focused = next;
      roving(true);
    } else if (event.key === "Enter" || event.key === " ") pick(id);
    else return;
    event.preventDefault();
  });

  function point(id: string | undefined): void {
    if (pointed === id) return;
    pointed = id;
    describe();
  }

  function describe(): void {
    const it = shown();
    if (!it) return;
    const now = store.model?.front.find((each) => each.current);
    const other = now && !it.current;
    const names = [...(it.current ? [t("current")] : []), ...it.labels.map((each) => t(each))];
    column.replaceChildren(
      h(
        "header",
        {},
        h(
          "div",
          {},
          h("h2", {}, names.length > 0 ? names.join(" · ") : t("Setup")),
          h("p", { class: "kind" }, it.measured ? t("measured") : t("predicted")),
        ),
      ),
      h("p", { class: "notation" }, it.setup.notation),
      h(
        "dl",
        { class: "numbers" },
        ...row(
          t("Latency"),
          milliseconds(it.latencyMs),
          it.latencyInterval?.map((each) => milliseconds(each)),
          other ? change(now.latencyMs, it.latencyMs) : undefined,
        ),
        ...row(
          t("Cost per million requests"),
          dollars(it.costPerMillion),
          it.costInterval?.map(dollars),
          other ? change(now.costPerMillion, it.costPerMillion) : undefined,
        ),
      ),
      ...(it.current
        ? []
        : [
            h(
              "div",
              { class: "actions" },
              button({
                label: t("Show in Graph"),
                kind: "secondary",
                onPress: () => store.patch({ picked: it.setup.id, side: "after", tab: "graph", view: "task" }),
              }),
              button({
                label: t("Accept Setup"),
                icon: "check",
                kind: "primary",
                onPress: () => store.host.post({ type: "acceptSetup", setupId: it.setup.id }),
              }),
            ),
          ]),
      ...ledger(it),
      h(
        "section",
        {},
        h("h3", {}, t("Functions")),
        h(
          "ul",
          { class: "calls" },
          ...it.setup.functions.map((each) =>
            h(
              "li",
              {},
              `${each.root} · ${each.memory} MB`,
              each.tasks.length > 1 ? h("span", { class: "facts" }, each.tasks.slice(1).join(", ")) : undefined,
            ),
          ),
        ),
      ),
    );
  }

  function empty(): HTMLElement {
    const none = (store.model?.tasks.length ?? 0) === 0;
    return h(
      "div",
      { class: "empty", role: "status" },
      icon("front"),
      h("h2", {}, t("No setups to compare yet.")),
      h(
        "p",
        {},
        t(
          "Run a workload to measure the current setup, or let the optimizer suggest one: every setup that it weighs appears here.",
        ),
      ),
      h(
        "div",
        { class: "actions" },
        button({
          label: t("Suggest Fusion"),
          kind: "primary",
          disabled: none,
          onPress: () => store.host.post({ type: "command", command: "suggest" }),
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
    const now = `${store.view.tab} ${store.view.picked}`;
    if (what === "model" || now !== last) draw();
    last = now;
  });
  return element;
}

const row = (name: string, value: string, interval: string[] | undefined, difference: string | undefined): HTMLElement[] => [
  h("dt", {}, name),
  h(
    "dd",
    {},
    value,
    interval ? h("span", { class: "facts" }, ` ${interval.join(" – ")}`) : undefined,
    difference === undefined ? undefined : h("span", { class: "facts" }, ` ${difference}`),
  ),
];

function ledger(it: FrontPointView): HTMLElement[] {
  if (!it.ledger?.length) return [];
  const list = h("dl", { class: "numbers" });
  for (const each of it.ledger) list.append(h("dt", {}, t(each.term)), h("dd", {}, dollars(each.perMillion)));
  return [h("section", {}, h("h3", {}, t("Cost per million requests, by term")), list)];
}

function key(): HTMLElement {
  const entry = (className: string, text: string) => h("li", {}, h("span", { class: `mark ${className}` }), h("span", {}, text));
  return h(
    "ul",
    { class: "front-key", "aria-label": t("Legend") },
    entry("measured", t("measured")),
    entry("predicted", t("predicted")),
    entry("dominated", t("dominated")),
    entry("ring", t("current")),
  );
}
