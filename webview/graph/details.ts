/** The side column: numbers of what is selected, where it stands in the source, and what can be done with it. */
import { button, h, refill } from "../dom.ts";
import { dollars, memory, milliseconds, percent, significant } from "../format.ts";
import { icon } from "../icons.ts";
import type { TaskView } from "../protocol.ts";
import { compared, type Store } from "../store.ts";
import { t } from "../words.ts";
import type { Selection } from "../view-state.ts";
import { paysTwice, type Link } from "./links.ts";
import type { Measure } from "./measure.ts";
import type { Picture } from "./picture.ts";
import type { Side } from "./refinement.ts";
import type { Scene } from "./scene.ts";

export interface Shown {
  scene: Scene;
  picture: Picture;
  measure: Measure;
}

export interface Details {
  readonly element: HTMLElement;
  update(shown: Shown | undefined, side: Side): void;
}

export function createDetails(
  store: Store,
  actions: { reveal(task: string): void; select(selection: Selection | undefined): void },
): Details {
  const element = h("aside", { class: "details", "aria-label": t("Details"), hidden: true });
  const source = (task: TaskView) =>
    link(
      `${task.file}:${task.line}`,
      () => store.host.post({ type: "openSource", file: task.file, line: task.line }),
      `source ${task.file}:${task.line}`,
    );
  const taskLink = (name: string) => link(name, () => actions.reveal(name), `task ${name}`);

  function title(name: string, kind: string): HTMLElement {
    const close = button({ label: t("Close Details"), icon: "close", bare: true, onPress: () => actions.select(undefined) });
    close.dataset["key"] = "close";
    return h("header", {}, h("div", {}, h("h2", { title: name }, name), h("p", { class: "kind" }, kind)), close);
  }

  function callRow(each: Link, name: string, side: Side): HTMLElement {
    const facts = [each.mode[side] === "inlined" ? t("inlined") : t("remote")];
    if (each.perRequest !== undefined) facts.push(`${significant(each.perRequest)} ×`);
    if (each.hopMs !== undefined && each.mode[side] === "remote") facts.push(t("hop {0}", milliseconds(each.hopMs)));
    const twice = paysTwice(each, side);
    return h(
      "li",
      { class: twice ? "twice" : "" },
      taskLink(name),
      h("span", { class: "facts" }, [each.kind === "sync" ? t("sync") : t("async"), ...facts].join(" · ")),
      twice
        ? h(
            "span",
            { class: "facts warn" },
            each.doubleBilled === undefined ? t("waits, paid twice") : t("{0} paid twice", dollars(each.doubleBilled)),
          )
        : undefined,
    );
  }

  function calls(
    heading: string,
    links: Link[],
    end: "caller" | "callee",
    side: Side,
    className: string,
  ): HTMLElement | undefined {
    const present = links.filter((each) => each.mode[side] !== undefined);
    if (present.length === 0) return undefined;
    return section(heading, h("ul", { class: `calls ${className}` }, ...present.map((each) => callRow(each, each[end], side))));
  }

  function ofTask(name: string, { scene }: Shown, side: Side): (HTMLElement | undefined)[] {
    const task = scene.tasks.get(name);
    if (!task) return [];
    const home = scene.homes[side].home(name);
    const links = [...scene.links.values()];
    const n = task.samples;
    return [
      title(name, task.entry ? t("Entry task") : t("Task")),
      h("div", { class: "where" }, icon("goToFile"), source(task)),
      h(
        "div",
        { class: "actions" },
        keyed(
          "invoke",
          button({
            label: t("Invoke Task…"),
            icon: "invoke",
            kind: "secondary",
            onPress: () => store.host.post({ type: "command", command: "invokeTask", task: name }),
          }),
        ),
        traceButton({ task: name }),
      ),
      numbers([
        [t("Function"), home],
        ["p50", task.p50Ms === undefined ? undefined : milliseconds(task.p50Ms, n)],
        ["p95", task.p95Ms === undefined ? undefined : milliseconds(task.p95Ms, n)],
        [t("Own CPU"), task.ownCpuMs === undefined ? undefined : milliseconds(task.ownCpuMs, n)],
        [t("Own waiting"), task.ownWaitMs === undefined ? undefined : milliseconds(task.ownWaitMs, n)],
        [t("Runs per request"), task.runsPerRequest === undefined ? undefined : significant(task.runsPerRequest)],
        [t("Errors"), task.errors === undefined ? undefined : String(task.errors)],
        [t("Samples"), n === undefined ? undefined : String(n)],
      ]),
      task.constraints?.length
        ? section(t("Constraints"), h("ul", {}, ...task.constraints.map((each) => h("li", {}, icon("lock"), each))))
        : undefined,
      touching(name, side),
      calls(
        t("Called by"),
        links.filter((each) => each.callee === name),
        "caller",
        side,
        "callers",
      ),
      calls(
        t("Calls"),
        links.filter((each) => each.caller === name),
        "callee",
        side,
        "callees",
      ),
    ];
  }

  function ofFunction(root: string, { scene }: Shown, side: Side): (HTMLElement | undefined)[] {
    const view = scene.homes[side].functions.get(root) ?? scene.homes.before.functions.get(root);
    if (!view) return [];
    const samples = scene.tasks.get(root)?.samples;
    const task = scene.tasks.get(root);
    return [
      title(root, t("Function")),
      task ? h("div", { class: "where" }, icon("goToFile"), source(task)) : undefined,
      numbers([
        [t("Memory"), view.memory > 0 ? memory(view.memory) : undefined],
        ["p50", view.p50Ms === undefined ? undefined : milliseconds(view.p50Ms, samples)],
        [t("Cost per million requests"), view.costPerMillion === undefined ? undefined : dollars(view.costPerMillion)],
        [t("Share of cost"), view.costShare === undefined ? undefined : percent(view.costShare)],
        [t("Cold starts"), view.coldShare === undefined ? undefined : percent(view.coldShare)],
        [t("Instances"), view.instances === undefined ? undefined : t("{0}, {1} busy", view.instances, view.busy ?? 0)],
      ]),
      section(
        t("Tasks"),
        h(
          "ul",
          { class: "calls" },
          ...view.tasks.map((name) => h("li", {}, taskLink(name), h("span", { class: "facts" }, membership(name, root, view)))),
        ),
      ),
      touching(root, side),
    ];
  }

  function membership(name: string, root: string, view: { inline: string[]; inlineAsync: string[] }): string {
    if (name === root) return t("root");
    const how = [view.inline.includes(name) ? t("sync") : "", view.inlineAsync.includes(name) ? t("async") : ""].filter(Boolean);
    return t("{0} calls inlined", how.join(" + ") || t("sync"));
  }

  function ofCall(id: string, { picture }: Shown, side: Side): (HTMLElement | undefined)[] {
    const line = picture.lines.find((each) => each.id === id);
    const first = line?.links[0];
    if (!line || !first) return [];
    const kind = first.kind === "sync" ? t("Synchronous call") : t("Asynchronous call");
    const sites = line.links.flatMap((each) => each.calls);
    return [
      title(`${first.caller} → ${first.callee}`, line.links.length > 1 ? t("{0} calls", line.links.length) : kind),
      ...line.links.slice(0, 40).map((each) =>
        h(
          "div",
          {},
          numbers([
            [t("Caller"), each.caller],
            [t("Callee"), each.callee],
            [
              t("Now"),
              each.mode[side] === undefined ? t("not on this way") : each.mode[side] === "inlined" ? t("inlined") : t("remote"),
            ],
            [
              t("Evidence"),
              each.evidence === "unseen"
                ? t("in the source, never seen running")
                : each.evidence === "observed"
                  ? t("seen running, not in the source")
                  : undefined,
            ],
            [t("Calls per request"), each.perRequest === undefined ? undefined : significant(each.perRequest)],
            [t("Hop"), each.hopMs === undefined ? undefined : milliseconds(each.hopMs)],
            [t("Paid twice per million"), each.doubleBilled === undefined ? undefined : dollars(each.doubleBilled)],
          ]),
        ),
      ),
      paysTwice(first, side)
        ? h("p", { class: "note warn" }, t("The caller waits and is billed meanwhile. Inlining the callee removes this."))
        : undefined,
      store.model?.traces?.length
        ? h("div", { class: "actions" }, traceButton({ task: first.callee, caller: first.caller }))
        : undefined,
      section(
        t("In the source"),
        h(
          "ul",
          {},
          ...sites.slice(0, 40).map((each) =>
            h(
              "li",
              {},
              link(
                `${each.file}:${each.line}`,
                () => store.host.post({ type: "openSource", file: each.file, line: each.line }),
                `site ${each.file}:${each.line}`,
              ),
            ),
          ),
        ),
      ),
    ];
  }

  /** The slowest of the known requests that this is part of. */
  function traceButton(wanted: { task: string; caller?: string }): HTMLElement | undefined {
    if (!store.model?.traces?.length) return undefined;
    const onPress = () => store.host.post({ type: "showTrace", ...wanted });
    return keyed("trace", button({ label: t("Slowest Trace"), icon: "trace", kind: "secondary", onPress }));
  }

  /** The suggestion, where it says something about this task or function. */
  function touching(name: string, side: Side): HTMLElement | undefined {
    const other = compared(store);
    const current = store.model?.setup.functions;
    if (!other?.suggestion || !current || side === "after") return undefined;
    const before = current.find((each) => each.root === name);
    const after = other.setup.functions.find((each) => each.root === name);
    const host = other.setup.functions.find((each) => each.root !== name && each.tasks.includes(name));
    const lines: string[] = [];
    if (!after && host) lines.push(t("Becomes part of {0}.", host.root));
    if (before && after && before.memory !== after.memory)
      lines.push(t("Memory {0} instead of {1}.", memory(after.memory), memory(before.memory)));
    const joins = after?.tasks.filter((task) => !before?.tasks.includes(task)) ?? [];
    if (before && joins.length > 0) lines.push(t("Takes in {0}.", joins.join(", ")));
    if (lines.length === 0) return undefined;
    return section(t("Suggested"), h("ul", { class: "suggested" }, ...lines.map((each) => h("li", {}, icon("lightbulb"), each))));
  }

  return {
    element,
    update(shown, side) {
      const selection = store.view.selection;
      const content =
        shown && selection
          ? { task: ofTask, function: ofFunction, call: ofCall }[selection.kind](plain(selection.id), shown, side)
          : [];
      element.hidden = content.length === 0;
      refill(element, ...content);
    },
  };

  /** In the deployment view ids of tasks carry their function. */
  function plain(id: string): string {
    return store.view.view === "deployment" && store.view.selection?.kind === "task" ? id.slice(id.indexOf("/") + 1) : id;
  }
}

const section = (heading: string, body: HTMLElement): HTMLElement => h("section", {}, h("h3", {}, heading), body);

function keyed<E extends HTMLElement>(key: string, element: E): E {
  element.dataset["key"] = key;
  return element;
}

const link = (text: string, onPress: () => void, key: string): HTMLElement =>
  h("button", { type: "button", class: "link", onclick: onPress, "data-key": key, title: text }, text);

function numbers(rows: [string, string | undefined][]): HTMLElement {
  const list = h("dl", { class: "numbers" });
  for (const [name, value] of rows) if (value !== undefined) list.append(h("dt", {}, name), h("dd", { title: value }, value));
  return list;
}
