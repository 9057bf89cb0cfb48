import type { Call } from "../core/graph.ts";

/**
 * Tasks that are invoked from outside: those that no other task calls. Of tasks that call each other in a circle that
 * nothing else calls into, the first in the list is taken, and named in `ofCycles` together with the circle.
 */
export function findEntries(
  tasks: readonly string[],
  calls: readonly Pick<Call, "from" | "to">[],
): { entries: Set<string>; ofCycles: { entry: string; cycle: string[] }[] } {
  const callees = new Map<string, Set<string>>();
  const callers = new Map<string, Set<string>>();
  for (const { from, to } of calls) {
    if (from === to) continue;
    callees.set(from, (callees.get(from) ?? new Set()).add(to));
    callers.set(to, (callers.get(to) ?? new Set()).add(from));
  }
  const entries = new Set(tasks.filter((task) => !callers.has(task)));
  const covered = reachable(entries, callees);
  const ofCycles: { entry: string; cycle: string[] }[] = [];
  for (const task of tasks) {
    if (covered.has(task)) continue;
    const before = reachable([task], callers);
    const after = reachable([task], callees);
    // Something before it that it does not reach in turn: it is called from outside of its circle.
    if (![...before].every((caller) => after.has(caller))) continue;
    entries.add(task);
    ofCycles.push({ entry: task, cycle: tasks.filter((other) => before.has(other)) });
    for (const reached of after) covered.add(reached);
  }
  return { entries, ofCycles };
}

function reachable(from: Iterable<string>, next: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set(from);
  // A set that grows while it is walked: the loop reaches what is added.
  for (const task of reached) for (const to of next.get(task) ?? []) reached.add(to);
  return reached;
}
