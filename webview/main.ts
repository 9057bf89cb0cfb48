/** Starts the page. */
import { h } from "./dom.ts";
import { startElk } from "./graph/elk.ts";
import { createGraphView } from "./graph/view.ts";
import { createFrontView } from "./front/view.ts";
import { connect } from "./host.ts";
import { createActions } from "./shell/actions.ts";
import { createBanner } from "./shell/banner.ts";
import { createSummary } from "./shell/summary.ts";
import { createTabs } from "./shell/tabs.ts";
import { createTools } from "./shell/tools.ts";
import { createStore } from "./store.ts";
import { createTraceView } from "./trace/view.ts";
import { restored } from "./view-state.ts";
import { setTranslations } from "./words.ts";

const nonce = document.currentScript instanceof HTMLScriptElement ? document.currentScript.nonce : "";

function translations(): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(document.getElementById("strings")?.textContent ?? "{}");
    const pairs = typeof parsed === "object" && parsed !== null ? Object.entries(parsed) : [];
    return Object.fromEntries(pairs.filter((pair): pair is [string, string] => typeof pair[1] === "string"));
  } catch {
    return {};
  }
}

function start(root: HTMLElement): void {
  setTranslations(translations());
  const host = connect((message) => {
    if (message.type === "state") {
      const running = store.model?.run.state === "running";
      store.setModel(message.state);
      if (!running && message.state.run.state === "running") graph.live.reset();
    } else if (message.type === "live") graph.live.receive(message);
    else if (message.type === "cursor") graph.cursor(message.task);
    else if (message.type === "showTab") {
      const { tab, picked } = message;
      store.patch(picked === undefined ? { tab } : { tab, picked, view: "task", side: "after" });
    } else {
      store.patch({ tab: "graph" });
      graph.reveal(message.task);
    }
  });
  const store = createStore(host, restored(host.saved()));
  const graph = createGraphView(store, startElk(root.dataset["worker"] ?? "", nonce));
  const panels = {
    graph: h("section", { class: "view" }, graph.element),
    front: h("section", { class: "view" }, createFrontView(store)),
    trace: h("section", { class: "view" }, createTraceView(store)),
  };
  const tools = createTools(store, graph);
  root.append(
    h(
      "header",
      {},
      h("div", { class: "bar" }, createTabs(store, panels), createActions(store), tools.element),
      createSummary(store),
    ),
    createBanner(store),
    h("main", {}, panels.graph, panels.front, panels.trace),
  );
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement || store.view.tab !== "graph")
      return;
    if (event.key === "/") tools.search();
    else if (event.key === "0") graph.fit();
    else if (event.key === "+" || event.key === "=") graph.camera.zoomBy(1.25);
    else if (event.key === "-") graph.camera.zoomBy(1 / 1.25);
    else if (event.key === "Escape" && store.view.selection) store.patch({ selection: undefined });
    else return;
    event.preventDefault();
  });
  host.post({ type: "ready" });
}

const root = document.getElementById("panel");
if (root) start(root);
