/** Graph | Front | Trace. */
import { h } from "../dom.ts";
import { icon, type IconName } from "../icons.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";
import type { Tab } from "../view-state.ts";

const TABS: { tab: Tab; icon: IconName; label: () => string }[] = [
  { tab: "graph", icon: "graph", label: () => t("Graph") },
  { tab: "front", icon: "front", label: () => t("Front") },
  { tab: "trace", icon: "trace", label: () => t("Trace") },
];

export function createTabs(store: Store, panels: Record<Tab, HTMLElement>): HTMLElement {
  const element = h("div", { class: "tabs", role: "tablist", "aria-label": t("View") });
  const tabs = TABS.map(({ tab, icon: name, label }) => {
    const button = h(
      "button",
      { type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": `panel-${tab}`, onclick: () => store.patch({ tab }) },
      icon(name),
      h("span", {}, label()),
    );
    Object.assign(panels[tab], { id: `panel-${tab}` });
    panels[tab].setAttribute("role", "tabpanel");
    panels[tab].setAttribute("aria-labelledby", `tab-${tab}`);
    return button;
  });
  element.append(...tabs);
  element.addEventListener("keydown", (event) => {
    const at = TABS.findIndex(({ tab }) => tab === store.view.tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    const index = (to + TABS.length) % TABS.length;
    const next = TABS[index];
    if (next) store.patch({ tab: next.tab });
    tabs[index]?.focus();
    event.preventDefault();
  });
  const update = () => {
    TABS.forEach(({ tab }, index) => {
      const chosen = tab === store.view.tab;
      tabs[index]?.setAttribute("aria-selected", String(chosen));
      tabs[index]?.setAttribute("tabindex", chosen ? "0" : "-1");
      panels[tab].hidden = !chosen;
    });
  };
  store.subscribe(update);
  update();
  return element;
}
