/**
 * Where tasks stand under a setup. A task may be inlined into several functions; in the task view each is drawn once, in its
 * *home*: the function of its own if there is one, else the first that holds it. Wherever else it is inlined it is a *clone*.
 */
import type { CallKind } from "../../extension/core/graph.ts";
import type { FunctionView, SetupView } from "../protocol.ts";

export interface Homes {
  /** By root, in the setup's order; tasks that no function holds get one of their own without memory. */
  functions: Map<string, FunctionView>;
  home(task: string): string;
  /** Tasks that a function holds besides those whose home it is. */
  clones(root: string): string[];
  /** Whether a call made by a task runs inside the function that the caller runs in. */
  inlines(root: string, callee: string, kind: CallKind): boolean;
}

/** Memory of a function that the setup says nothing about; shown as no number. */
export const UNKNOWN_MEMORY = 0;

export function homesOf(setup: SetupView, tasks: readonly string[]): Homes {
  const functions = new Map(setup.functions.map((each) => [each.root, each]));
  const homes = new Map<string, string>();
  for (const each of setup.functions) {
    for (const task of each.tasks) {
      if (functions.has(task)) homes.set(task, task);
      else if (!homes.has(task)) homes.set(task, each.root);
    }
  }
  for (const task of tasks) {
    if (homes.has(task)) continue;
    homes.set(task, task);
    functions.set(task, { root: task, memory: UNKNOWN_MEMORY, tasks: [task], inline: [], inlineAsync: [] });
  }
  const inlined = new Map(
    [...functions.values()].map((each) => [each.root, { sync: new Set(each.inline), async: new Set(each.inlineAsync) }]),
  );
  return {
    functions,
    home: (task) => homes.get(task) ?? task,
    clones: (root) => [...new Set(functions.get(root)?.tasks)].filter((task) => homes.get(task) !== root).sort(),
    inlines: (root, callee, kind) => inlined.get(root)?.[kind].has(callee) ?? false,
  };
}
