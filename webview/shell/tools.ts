/** Tools of the graph: search, what to show, zoom, export. */
import { button, h } from "../dom.ts";
import { dot, mermaid } from "../graph/export-text.ts";
import { pngBase64, svgText } from "../graph/export-picture.ts";
import { matches } from "../graph/search.ts";
import type { GraphView } from "../graph/view.ts";
import { icon } from "../icons.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";
import type { Colour } from "../view-state.ts";
import { menuButton, type MenuItem } from "./menu.ts";

export interface Tools {
  readonly element: HTMLElement;
  search(): void;
}

export function createTools(store: Store, graph: GraphView): Tools {
  const search = searchBox(store, graph);
  const element = h(
    "div",
    { class: "tools", role: "group", "aria-label": t("Graph tools") },
    search.element,
    menuButton({ label: t("View"), icon: "settings", items: () => viewItems(store) }),
    button({
      label: t("Zoom Out"),
      icon: "zoomOut",
      bare: true,
      title: t("Zoom Out (−)"),
      onPress: () => graph.camera.zoomBy(1 / 1.25),
    }),
    button({
      label: t("Zoom In"),
      icon: "zoomIn",
      bare: true,
      title: t("Zoom In (+)"),
      onPress: () => graph.camera.zoomBy(1.25),
    }),
    button({ label: t("Fit"), icon: "fit", bare: true, title: t("Fit (0)"), onPress: () => graph.fit() }),
    menuButton({ label: t("Export"), icon: "share", items: () => exportItems(store, graph) }),
  );
  const update = () => {
    element.hidden = store.view.tab !== "graph" || (store.model?.tasks.length ?? 0) === 0;
  };
  store.subscribe(update);
  update();
  return { element, search: () => search.focus() };
}

function searchBox(store: Store, graph: GraphView): { element: HTMLElement; focus(): void } {
  const count = h("span", { class: "count", role: "status" });
  let at = -1;
  const input = h("input", {
    type: "search",
    placeholder: t("Find task"),
    "aria-label": t("Find task"),
    spellcheck: "false",
    title: t("Find task (/)"),
  });
  const found = () =>
    matches(
      (store.model?.tasks ?? []).map((each) => each.name),
      input.value,
    );
  input.addEventListener("input", () => {
    at = -1;
    const all = found();
    count.textContent = input.value.trim() === "" ? "" : String(all.length);
    if (all.length > 0 && input.value.trim() !== "") go(1, all);
  });
  function go(step: number, all: string[]): void {
    if (all.length === 0) return;
    at = (at + step + all.length) % all.length;
    count.textContent = `${at + 1}/${all.length}`;
    graph.reveal(all[at] ?? "");
  }
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1, found());
    else if (event.key === "Escape") {
      input.value = "";
      count.textContent = "";
      graph.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return { element: h("div", { class: "search" }, icon("search"), input, count), focus: () => input.focus() };
}

function viewItems(store: Store): MenuItem[] {
  const { view, model } = store;
  const colours: [Colour, string][] = [
    ["none", t("No colour")],
    ["latency", t("Latency")],
    ["cost", t("Cost")],
    ["errors", t("Errors")],
  ];
  const entries = (model?.tasks ?? []).filter((each) => each.entry);
  return [
    { heading: t("Draw") },
    {
      label: t("Each task once"),
      checked: view.view === "task",
      onPick: () => store.patch({ view: "task", selection: undefined }),
    },
    {
      label: t("As deployed, inlined tasks repeated"),
      checked: view.view === "deployment",
      onPick: () => store.patch({ view: "deployment", selection: undefined }),
    },
    { heading: t("Colour by") },
    ...colours.map(([colour, label]) => ({ label, checked: view.colour === colour, onPick: () => store.patch({ colour }) })),
    { heading: t("Show") },
    {
      label: t("All entries"),
      checked: view.entry === undefined,
      onPick: () => store.patch({ entry: undefined, viewport: undefined }),
    },
    ...(entries.length > 1
      ? entries.slice(0, 30).map((each) => ({
          label: t("From {0}", each.name),
          checked: view.entry === each.name,
          onPick: () => store.patch({ entry: each.name, viewport: undefined }),
        }))
      : []),
    ...groupItems(store),
    { heading: t("Depth") },
    ...[undefined, 1, 2, 3].map((depth) => ({
      label: depth === undefined ? t("All calls") : t("{0} from the entry", depth),
      checked: view.depth === depth,
      onPick: () => store.patch({ depth }),
    })),
  ];
}

/** Functions that hold more than one task: a lone task is found by its name. */
function groupItems(store: Store): MenuItem[] {
  const { view, model } = store;
  const groups = (model?.setup.functions ?? []).filter((each) => each.tasks.length > 1 || each.root === view.group);
  if (groups.length === 0) return [];
  const pick = (group: string | undefined) => () => store.patch({ group, viewport: undefined });
  return [
    { heading: t("Function") },
    { label: t("All functions"), checked: view.group === undefined, onPick: pick(undefined) },
    ...groups.slice(0, 30).map(({ root }) => ({
      label: t("{0} and its surroundings", root),
      checked: view.group === root,
      onPick: pick(root),
    })),
  ];
}

function exportItems(store: Store, graph: GraphView): MenuItem[] {
  const text = () => (store.model ? { tasks: store.model.tasks, calls: store.model.calls, setup: store.model.setup } : undefined);
  const copy = (format: "mermaid" | "dot", write: typeof mermaid) => () => {
    const value = text();
    if (value) store.host.post({ type: "export", format, content: write(value), to: "clipboard" });
  };
  const picture = async (format: "svg" | "png") => {
    const { extent } = graph;
    const svg = graph.inFull(() => svgText(graph.svg, extent));
    const content = format === "svg" ? svg : await pngBase64(svg, extent.width, extent.height);
    store.host.post({ type: "export", format, content, to: "file" });
  };
  return [
    { label: t("Copy as Mermaid"), onPick: copy("mermaid", mermaid) },
    { label: t("Copy as DOT"), onPick: copy("dot", dot) },
    { label: t("Save as SVG…"), onPick: () => void picture("svg") },
    { label: t("Save as PNG…"), onPick: () => void picture("png") },
  ];
}
