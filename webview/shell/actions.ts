/** What can be done with the app: run, stop, load, suggest. */
import { button, h, refill } from "../dom.ts";
import type { PanelCommand } from "../protocol.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";

export function createActions(store: Store): HTMLElement {
  const element = h("div", { class: "actions", role: "group", "aria-label": t("Run") });
  const send = (command: PanelCommand) => () => store.host.post({ type: "command", command });
  function update(): void {
    const state = store.model?.run.state ?? "stopped";
    const none = (store.model?.tasks.length ?? 0) === 0;
    const run =
      state === "stopped" || state === "starting"
        ? button({ label: t("Run Locally"), icon: "play", onPress: send("runLocally"), disabled: state === "starting" || none })
        : button({ label: t("Stop"), icon: "stop", onPress: send("stop"), disabled: state === "stopping" });
    run.dataset["key"] = "run";
    const load = button({ label: t("Run Workload…"), icon: "pulse", onPress: send("runWorkload"), disabled: none });
    load.dataset["key"] = "load";
    const suggest = button({ label: t("Suggest Fusion"), icon: "lightbulb", onPress: send("suggest"), disabled: none });
    suggest.dataset["key"] = "suggest";
    refill(element, run, load, suggest);
  }
  store.subscribe((change) => {
    if (change === "model") update();
  });
  update();
  return element;
}
