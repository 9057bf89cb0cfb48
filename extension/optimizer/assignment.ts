/** From points, which say what each function decided, to one setup for the whole app, and back. */
import type { FunctionSetup, FusionSetup } from "../core/setup.ts";
import { DEFAULT_MEMORY_MB } from "../core/setup.ts";
import type { Model } from "./model.ts";
import type { OwnChoice } from "./solver.ts";
import { decisions, INLINE, type FunctionPoint } from "./state.ts";

/** What points decide about one function, all its uses together. */
export interface Decision {
  memory: number;
  /** Key of the call (state.ts) -> inlined or not. */
  inlined: Map<number, boolean>;
}

export type Assignment = Map<number, Decision>;

/** Joins what the points and everything they call decide; `conflicts`: functions that two uses would build differently. */
export function assign(model: Model, points: Iterable<FunctionPoint>): { assignment: Assignment; conflicts: Set<number> } {
  const assignment: Assignment = new Map();
  const conflicts = new Set<number>();
  const seen = new Set<FunctionPoint>();
  const visit = (point: FunctionPoint): void => {
    if (seen.has(point) || point.memory === 0) return;
    seen.add(point);
    const decision = assignment.get(point.root) ?? { memory: point.memory, inlined: new Map<number, boolean>() };
    assignment.set(point.root, decision);
    if (decision.memory !== point.memory) conflicts.add(point.root);
    for (const { key, choice } of decisions(point.decided)) {
      if (choice !== INLINE) visit(choice);
      const inline = choice === INLINE;
      const known = decision.inlined.get(key);
      // An asynchronous call may go remote in one invocation only because that one was not asynchronous itself.
      const gated = key % 2 === 1 && !model.lossTolerated[key >> 1];
      if (known !== undefined && known !== inline && !gated) conflicts.add(point.root);
      decision.inlined.set(key, inline || (known ?? false));
    }
  };
  for (const point of points) visit(point);
  return { assignment, conflicts };
}

/** Functions in the order of the profile's tasks. */
export function setupOf(model: Model, assignment: Assignment): FusionSetup {
  const setup: FusionSetup = {};
  for (const root of [...assignment.keys()].sort((a, b) => a - b)) {
    const { memory, inlined } = assignment.get(root)!;
    const names = (async: number) =>
      [...inlined]
        .filter(([key, inline]) => inline && key % 2 === async)
        .map(([key]) => model.names[key >> 1]!)
        .sort();
    const inline = names(0);
    const inlineAsync = names(1);
    const own: FunctionSetup = { memory };
    if (inline.length > 0) own.inline = inline;
    if (inlineAsync.length > 0) own.inlineAsync = inlineAsync;
    setup[model.names[root]!] = own;
  }
  return setup;
}

/** A setup as choices of every function, defaults filled in; tasks that the profile does not know are left out. */
export function choicesOf(model: Model, setup: FusionSetup): Map<number, OwnChoice> {
  const tasks = (names: string[] | undefined) => new Set((names ?? []).flatMap((name) => model.index.get(name) ?? []));
  return new Map(
    model.names.map((name, root) => {
      const own = Object.hasOwn(setup, name) ? setup[name]! : {};
      return [root, { memory: own.memory ?? DEFAULT_MEMORY_MB, inline: tasks(own.inline), inlineAsync: tasks(own.inlineAsync) }];
    }),
  );
}

export function ownChoice({ memory, inlined }: Decision): OwnChoice {
  const inline = new Set<number>();
  const inlineAsync = new Set<number>();
  for (const [key, yes] of inlined) if (yes) (key % 2 === 1 ? inlineAsync : inline).add(key >> 1);
  return { memory, inline, inlineAsync };
}

/** The same text for the same own choices. */
export function signature({ memory, inline, inlineAsync }: OwnChoice): string {
  const list = (tasks: ReadonlySet<number>) => [...tasks].sort((a, b) => a - b).join(",");
  return `${memory}|${list(inline)}|${list(inlineAsync)}`;
}
