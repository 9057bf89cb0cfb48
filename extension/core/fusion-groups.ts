import { indexCalls } from "./call-index.ts";
import type { CallIndex } from "./call-index.ts";
import type { CallGraph, Task } from "./graph.ts";
import { DEFAULT_MEMORY_MB } from "./setup.ts";
import type { Constraints, FunctionSetup, FusionSetup, ResolvedFunction } from "./setup.ts";

/**
 * The functions that a setup means for an app, with every default filled in: entries first, then the others, each by
 * name. A function exists for
 * - every entry, and every task whose value goes where its calls cannot be followed;
 * - every root that the setup lists and that the app has;
 * - every task that a task inside an existing function calls remotely;
 * - every asynchronous callee, also where the call is inlined: a call of synchronous origin and one that failed go remote;
 * - every inlined task that the constraints call exclusive: a call that would wait for its own turn goes remote.
 *
 * Names in `inline` and `inlineAsync` that no task inside the function calls in that way are left out of the result.
 */
export function resolveSetup(graph: CallGraph, setup: FusionSetup, constraints: Constraints = {}): ResolvedFunction[] {
  const index = indexCalls(graph);
  const functions = new Map<string, ResolvedFunction>();
  const wanted: string[] = [];
  for (const task of graph.tasks) if (task.entry || task.escapes || Object.hasOwn(setup, task.name)) wanted.push(task.name);
  for (let root = wanted.pop(); root !== undefined; root = wanted.pop()) {
    if (functions.has(root)) continue;
    const { resolved, remote } = resolveFunction(index, root, Object.hasOwn(setup, root) ? setup[root]! : {});
    functions.set(root, resolved);
    wanted.push(...remote, ...(constraints.exclusive ?? []).filter((task) => resolved.tasks.includes(task)));
  }
  const isEntry = (root: string) => index.tasks.get(root)?.entry === true;
  return [...functions.values()].sort((a, b) => Number(isEntry(b.root)) - Number(isEntry(a.root)) || byName(a.root, b.root));
}

/** One function, and the tasks that the tasks inside it may call remotely. */
export function resolveFunction(
  index: CallIndex,
  root: string,
  setup: FunctionSetup,
): { resolved: ResolvedFunction; remote: Set<string> } {
  const lists = { sync: new Set(setup.inline), async: new Set(setup.inlineAsync) };
  const used = { sync: new Set<string>(), async: new Set<string>() };
  const inside = new Set([root]);
  const remote = new Set<string>();
  for (const task of inside) {
    for (const { to, kind } of index.calleesOf(task)) {
      const inlined = lists[kind].has(to);
      if (inlined) {
        used[kind].add(to);
        // A set that grows while it is walked: the loop reaches what is added, and cycles end by themselves.
        inside.add(to);
      }
      if (!inlined || kind === "async") remote.add(to);
    }
  }
  inside.delete(root);
  const resolved: ResolvedFunction = {
    root,
    memory: setup.memory ?? defaultMemory(index.tasks.get(root)),
    inline: [...used.sync].sort(byName),
    inlineAsync: [...used.async].sort(byName),
    tasks: [root, ...[...inside].sort(byName)],
  };
  return { resolved, remote };
}

/** MB of a function whose setup names none: what the template says of an existing function, the smallest else. */
export const defaultMemory = (task: Task | undefined): number => task?.lambda?.memory ?? DEFAULT_MEMORY_MB;

/** Code units, not locale: the same order on every machine. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
