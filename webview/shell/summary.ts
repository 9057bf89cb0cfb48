/** One line about the setup that is shown, and the state of the run. */
import { h } from "../dom.ts";
import { dollars, milliseconds } from "../format.ts";
import { homesOf } from "../graph/homes.ts";
import { icon } from "../icons.ts";
import type { Store } from "../store.ts";
import { t } from "../words.ts";

export function createSummary(store: Store): HTMLElement {
  const facts = h("div", { class: "facts" });
  const run = h("div", { class: "run", role: "status" });
  const element = h("div", { class: "summary" }, facts, run);
  function update(): void {
    const { model } = store;
    element.hidden = !model || model.tasks.length === 0;
    if (!model) return;
    const { setup, tasks, calls } = model;
    const homes = homesOf(
      setup,
      tasks.map((each) => each.name),
    );
    const remote = calls.filter((each) => each.kind === "sync" && !homes.inlines(homes.home(each.from), each.to, each.kind));
    const pairs = new Map(remote.map((each) => [JSON.stringify([each.from, each.to]), each]));
    const twice = [...pairs.values()].reduce((sum, each) => sum + (each.doubleBilledPerMillion ?? 0), 0);
    const items = [
      h("span", { class: "app", title: setup.notation }, model.app || t("App")),
      h("span", {}, t("{0} tasks in {1} functions", tasks.length, setup.functions.length)),
    ];
    if (setup.latencyP50Ms !== undefined) items.push(fact("p50", milliseconds(setup.latencyP50Ms)));
    if (setup.costPerMillion !== undefined) items.push(fact(dollars(setup.costPerMillion), t("per million requests")));
    if (twice >= 0.005)
      items.push(
        h(
          "span",
          { class: "warn" },
          icon("warning"),
          setup.costPerMillion === undefined
            ? t("{0} per million paid twice", dollars(twice))
            : t("{0} of it paid twice", dollars(twice)),
        ),
      );
    const problems = model.diagnostics.filter((each) => each.severity !== "information").length;
    if (problems > 0) {
      const first = model.diagnostics.find((each) => each.severity !== "information");
      items.push(
        h(
          "button",
          {
            type: "button",
            class: "link warn",
            title: model.diagnostics
              .map((each) => `${each.file}:${each.line} ${each.message}`)
              .join("\n")
              .slice(0, 2_000),
            onclick: () => first && store.host.post({ type: "openSource", file: first.file, line: Math.max(1, first.line) }),
          },
          problems === 1 ? t("1 problem") : t("{0} problems", problems),
        ),
      );
    }
    facts.replaceChildren(...items);
    const words = { stopped: "", starting: t("Starting…"), running: t("Running"), stopping: t("Stopping…") }[model.run.state];
    const text = [words, model.run.message, when(model.run.measured)]
      .filter((each) => each !== undefined && each !== "")
      .join(" · ");
    run.className = `run ${model.run.state}`;
    if (run.textContent !== text) run.textContent = text;
  }
  store.subscribe((change) => {
    if (change === "model") update();
  });
  update();
  return element;
}

const fact = (strong: string, rest: string): HTMLElement => h("span", {}, h("b", {}, strong), ` ${rest}`);

/** A time is shown as such; any other wording as it is. */
function when(measured: string | undefined): string | undefined {
  if (measured === undefined || !/^\d{4}-\d\d-\d\dT/.test(measured)) return measured;
  const time = new Date(measured);
  return Number.isNaN(time.getTime())
    ? measured
    : t(
        "measured {0}",
        time.toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit" }),
      );
}
