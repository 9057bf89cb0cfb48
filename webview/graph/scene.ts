/**
 * The picture as pure data: what stands where, under the current setup (`before`) and, while two setups are compared, under the
 * other (`after`). Positions are the same for both.
 */
import type { CallView, FunctionView, SetupView, TaskView } from "../protocol.ts";
import { dollars, memory, milliseconds, percent } from "../format.ts";
import { t } from "../words.ts";
import { homesOf, UNKNOWN_MEMORY, type Homes } from "./homes.ts";
import { type Link, linksOf } from "./links.ts";
import { type Measure, SIZE } from "./measure.ts";
import { readingOrder } from "./order.ts";
import { type Placement, refine, type Side } from "./refinement.ts";
import { layOutStack, type StackShape } from "./stack.ts";

export interface SceneInput {
  tasks: readonly TaskView[];
  calls: readonly CallView[];
  before: SetupView;
  after?: SetupView;
  /** `task`: each task once, in its home. `deployment`: each function with everything it holds. */
  view: "task" | "deployment";
  /** Whether the function of this root is drawn as its header alone. */
  collapsed: (root: string) => boolean;
  measure: Measure;
}

/** A link between two stacks. Those that a collapsed end makes equal are one. */
export interface Route {
  id: string;
  fromStack: string;
  toStack: string;
  /** Row ids; the stack's id where the stack is collapsed. */
  from: string;
  to: string;
  links: Link[];
}

export interface Scene {
  sides: Side[];
  tasks: Map<string, TaskView>;
  homes: Record<Side, Homes>;
  placements: Map<string, Placement>;
  stacks: StackShape[];
  links: Map<string, Link>;
  routes: Route[];
  /** What decides the layout; while it stays, only numbers changed. */
  signature: string;
}

export function buildScene(input: SceneInput): Scene {
  const names = input.tasks.map((each) => each.name);
  const before = homesOf(input.before, names);
  const compared = input.after !== undefined && input.view === "task";
  const homes: Record<Side, Homes> = { before, after: compared && input.after ? homesOf(input.after, names) : before };
  const sides: Side[] = compared ? ["before", "after"] : ["before"];
  const placements = input.view === "task" ? once(names, homes) : perFunction(names, before);
  const order = readingOrder(input.tasks, input.calls);
  const rank = (task: string) => order.get(task) ?? order.size;
  const links = linksOf(input.calls, placements, homes, sides, input.view === "deployment");
  const cells = refine(placements, rank).sort((a, b) => rank(a.id) - rank(b.id));
  const stackOf = new Map(
    cells.flatMap((stack) => stack.cells.flatMap((cell) => cell.placements.map((each) => [each.id, stack.id] as const))),
  );
  const stackOfHost = (link: Link) => stackOf.get(link.from);
  const within = Map.groupBy(
    links.filter(
      (link) => ("placement" in link.to ? stackOf.get(link.to.placement) : stackOfHost(link)) === stackOf.get(link.from),
    ),
    (link) => stackOf.get(link.from) ?? "",
  );
  const tasks = new Map(input.tasks.map((each) => [each.name, each]));
  const width = commonWidth(input, homes, sides, placements);
  const stacks = cells.map((stack) =>
    layOutStack({
      stack,
      sides,
      homes,
      links: within.get(stack.id) ?? [],
      collapsed: stack.cells.length === 1 && input.collapsed(stack.cells[0]?.home.before ?? ""),
      width,
      clones: input.view === "task",
      measure: input.measure,
    }),
  );
  const routes = routesOf(links, stackOf, new Set(stacks.filter((each) => each.collapsed).map((each) => each.id)));
  const scene: Scene = {
    sides,
    tasks,
    homes,
    placements: new Map(placements.map((each) => [each.id, each])),
    stacks,
    links: new Map(links.map((each) => [each.id, each])),
    routes,
    signature: "",
  };
  scene.signature = JSON.stringify([stacks, routes.map((each) => each.id)]);
  return scene;
}

const once = (names: string[], homes: Record<Side, Homes>): Placement[] =>
  names.map((task) => ({ id: task, task, home: { before: homes.before.home(task), after: homes.after.home(task) } }));

function perFunction(names: string[], homes: Homes): Placement[] {
  const known = new Set(names);
  return [...homes.functions.values()].flatMap(({ root, tasks }) =>
    [...new Set([root, ...tasks])]
      .filter((task) => known.has(task))
      .map((task) => ({ id: `${root}/${task}`, task, home: { before: root, after: root } })),
  );
}

function routesOf(links: Link[], stackOf: Map<string, string>, collapsed: Set<string>): Route[] {
  const routes = new Map<string, Route>();
  for (const link of links) {
    if (!("placement" in link.to)) continue;
    const fromStack = stackOf.get(link.from);
    const toStack = stackOf.get(link.to.placement);
    if (fromStack === undefined || toStack === undefined || fromStack === toStack) continue;
    const from = collapsed.has(fromStack) ? fromStack : link.from;
    const to = collapsed.has(toStack) ? toStack : link.to.placement;
    const id = JSON.stringify([from, to, link.kind]);
    const route = routes.get(id);
    if (route) route.links.push(link);
    else routes.set(id, { id, fromStack, toStack, from, to, links: [link] });
  }
  return [...routes.values()];
}

/** Header of a function as it is written: `analyzeSensor · 512 MB`. */
export const headerText = (each: FunctionView): string =>
  each.memory === UNKNOWN_MEMORY ? each.root : `${each.root} · ${memory(each.memory)}`;

/** What a closed function holds. */
export const tasksText = (each: FunctionView): string => ` · ${t("{0} tasks", each.tasks.length)}`;

/** Right side of a header: latency and cost, as far as measured. */
export function metricsText(each: FunctionView, samples?: number): string {
  const parts: string[] = [];
  if (each.p50Ms !== undefined) parts.push(`p50 ${samples !== undefined && samples < 10 ? "≈ " : ""}${milliseconds(each.p50Ms)}`);
  if (each.costPerMillion !== undefined) parts.push(dollars(each.costPerMillion));
  return parts.join("  ");
}

export const coldText = (each: FunctionView): string => (each.coldShare ? percent(each.coldShare) : "");

/** The chip of a task that a comparison moves, seen from one side; empty where it stays. */
export function moveText(placement: Placement, side: Side): string {
  const { before, after } = placement.home;
  if (before === after) return "";
  if (side === "before") return `→ ${after}`;
  return before === placement.task ? t("← own function") : `← ${before}`;
}

function commonWidth(
  input: SceneInput,
  homes: Record<Side, Homes>,
  sides: readonly Side[],
  placements: readonly Placement[],
): number {
  const { measure } = input;
  let width: number = SIZE.minWidth;
  const tasks = new Map(input.tasks.map((each) => [each.name, each]));
  for (const side of sides) {
    for (const each of homes[side].functions.values()) {
      const metrics = metricsText(each, tasks.get(each.root)?.samples);
      const cold = coldText(each);
      const wide =
        (input.collapsed(each.root) && each.tasks.length > 1 ? measure(tasksText(each), "header") : 0) +
        measure(headerText(each), "header") +
        (metrics ? measure(metrics, "metric") + 20 : 0) +
        (cold ? measure(cold, "metric") + 24 : 0) +
        24;
      width = Math.max(width, wide);
    }
  }
  for (const each of placements) {
    const task = tasks.get(each.task);
    const measured = task?.ownCpuMs !== undefined || task?.ownWaitMs !== undefined;
    const chip = Math.max(...sides.map((side) => measure(moveText(each, side), "metric")));
    const bold = sides.some((side) => each.home[side] === each.task);
    const wide =
      measure(each.task, bold ? "strong" : "name") +
      32 +
      (measured ? SIZE.bars + 12 : 0) +
      (chip > 0 ? chip + 20 : 0) +
      (task?.constraints?.length ? 18 : 0) +
      8;
    width = Math.max(width, wide);
  }
  return Math.ceil(Math.min(width, SIZE.maxWidth) / 4) * 4;
}

/** The label of a link, for hovering and for screen readers. */
export function linkText(link: Link): string {
  const parts = [link.kind === "sync" ? t("synchronous") : t("asynchronous")];
  if (link.perRequest !== undefined) parts.push(t("{0} per request", Number(link.perRequest.toPrecision(2))));
  if (link.hopMs !== undefined) parts.push(t("hop {0}", milliseconds(link.hopMs)));
  if (link.doubleBilled !== undefined && link.doubleBilled >= 0.005) parts.push(t("{0} paid twice", dollars(link.doubleBilled)));
  if (link.evidence === "unseen") parts.push(t("never seen in what was measured"));
  if (link.evidence === "observed") parts.push(t("seen running, not in the source"));
  return parts.join(" · ");
}

/** The same in the picture: calls and hop time; in full also what is paid twice. */
export function shortLinkText(links: readonly Link[], full: boolean): string {
  const known = (values: (number | undefined)[]) => values.filter((each) => each !== undefined);
  const calls = known(links.map((link) => link.perRequest));
  const hops = known(links.map((link) => link.hopMs));
  const twice = known(links.map((link) => link.doubleBilled)).reduce((sum, each) => sum + each, 0);
  const parts: string[] = [];
  if (calls.length > 0) parts.push(`${Number(calls.reduce((sum, each) => sum + each, 0).toPrecision(3))}×`);
  if (hops.length > 0) parts.push(milliseconds(Math.max(...hops)));
  if (full && twice >= 0.005) parts.push(t("{0} paid twice", dollars(twice)));
  return parts.join(" · ");
}
