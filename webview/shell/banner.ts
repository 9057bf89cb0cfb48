/** The setup that the current one is compared with: why, what it brings, and how to take it. */
import { button, h, refill } from "../dom.ts";
import { change, dollars, milliseconds } from "../format.ts";
import { icon } from "../icons.ts";
import { compared, type Store } from "../store.ts";
import { t } from "../words.ts";
import type { Side } from "../graph/refinement.ts";

export function createBanner(store: Store): HTMLElement {
  const element = h("section", { class: "banner", "aria-label": t("Suggested setup"), hidden: true });

  function update(): void {
    const other = compared(store);
    element.hidden = !other || store.view.tab !== "graph" || store.model?.tasks.length === 0;
    if (!other) {
      refill(element);
      return;
    }
    const { suggestion, setup } = other;
    const accept = suggestion
      ? button({
          label: t("Accept"),
          icon: "check",
          kind: "primary",
          title: t("Accept Suggested Fusion"),
          onPress: () => store.host.post({ type: "acceptSuggestion" }),
        })
      : button({
          label: t("Accept Setup"),
          icon: "check",
          kind: "primary",
          onPress: () => store.host.post({ type: "acceptSetup", setupId: setup.id }),
        });
    accept.dataset["key"] = "accept";
    const drop = suggestion
      ? undefined
      : button({
          label: t("Stop Comparing"),
          icon: "close",
          bare: true,
          onPress: () => store.patch({ picked: undefined, side: "before" }),
        });
    refill(
      element,
      icon("lightbulb"),
      h(
        "div",
        { class: "words" },
        h("strong", {}, suggestion?.title ?? t("Compared with {0}", setup.notation)),
        h("span", { class: "reasons" }, suggestion?.reasons.join(" ") ?? ""),
      ),
      gains(),
      switcher(),
      accept,
      drop,
    );
  }

  function gains(): HTMLElement {
    const other = compared(store);
    const point = store.model?.front.find((each) => each.setup.id === other?.setup.id);
    const now = store.model?.front.find((each) => each.current);
    const suggestion = other?.suggestion;
    const rows: [string, number | undefined, number | undefined, (value: number) => string, string][] = suggestion
      ? [
          ["p50", suggestion.current.latencyP50Ms, suggestion.expected.latencyP50Ms, (value) => milliseconds(value), ""],
          ["", suggestion.current.costPerMillion, suggestion.expected.costPerMillion, dollars, t("per million")],
        ]
      : [
          [t("mean"), now?.latencyMs, point?.latencyMs, (value) => milliseconds(value), ""],
          ["", now?.costPerMillion, point?.costPerMillion, dollars, t("per million")],
        ];
    const list = h("div", { class: "gains" });
    for (const [name, before, after, write, unit] of rows) {
      if (before === undefined || after === undefined) continue;
      const better = after < before;
      list.append(
        h(
          "span",
          { class: better ? "gain better" : "gain" },
          h("span", {}, `${write(before)} →`),
          h("b", {}, write(after)),
          h("span", { class: "unit" }, name === "" ? unit : name),
          h("span", { class: "change" }, change(before, after)),
        ),
      );
    }
    return list;
  }

  function switcher(): HTMLElement {
    const option = (side: Side, label: string) => {
      const chosen = store.view.side === side;
      const each = button({ label, kind: "quiet", pressed: chosen, onPress: () => store.patch({ side }) });
      each.dataset["key"] = `side ${side}`;
      return each;
    };
    return h(
      "div",
      { class: "switch", role: "group", "aria-label": t("Show setup") },
      option("before", t("Before")),
      option("after", t("After")),
    );
  }

  store.subscribe((what) => {
    if (what === "model" || relevant()) update();
  });
  let last = "";
  const relevant = () => {
    const now = JSON.stringify([store.view.tab, store.view.side, store.view.picked, store.view.view]);
    const changed = now !== last;
    last = now;
    return changed;
  };
  update();
  return element;
}
