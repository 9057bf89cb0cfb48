/** What stands in place of a graph that cannot be drawn, with what to do next. */
import { button, h } from "../dom.ts";
import { icon, type IconName } from "../icons.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";

export function emptyState(store: Store): HTMLElement | undefined {
  const { model, host } = store;
  if (!model) return message("loading", t("Reading the app…"));
  if (model.tasks.length > 0) return undefined;
  const error = model.diagnostics.find((each) => each.severity === "error");
  const log = button({
    label: t("Show Log"),
    onPress: () => host.post({ type: "command", command: "showLog" }),
    kind: "secondary",
  });
  if (error) {
    const open = button({
      label: t("Open {0}", error.file),
      kind: "primary",
      onPress: () => host.post({ type: "openSource", file: error.file, line: Math.max(1, error.line) }),
    });
    return message("error", t("The app cannot be read."), error.message, [open, log]);
  }
  const sample = button({
    label: t("Create Sample App…"),
    kind: "primary",
    onPress: () => host.post({ type: "command", command: "createSample" }),
  });
  const example = 'export const storeEvent = task("storeEvent", async (event) => { … });';
  return message(
    "graph",
    t("No tasks found yet."),
    t("Define a task in a source file that fusionize.json names, and it appears here:"),
    [sample, log],
    example,
  );
}

function message(name: IconName, title: string, text?: string, actions: HTMLElement[] = [], code?: string): HTMLElement {
  return h(
    "div",
    { class: "empty", role: "status" },
    icon(name),
    h("h2", {}, title),
    text === undefined ? undefined : h("p", {}, text),
    code === undefined ? undefined : h("code", {}, code),
    actions.length === 0 ? undefined : h("div", { class: "actions" }, ...actions),
  );
}
