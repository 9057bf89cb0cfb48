import type { CallGraph, CallKind, Task } from "./graph.ts";

export interface Callee {
  to: string;
  kind: CallKind;
}

/** A call graph indexed for walking: built once, then every question is a look-up. */
export interface CallIndex {
  tasks: ReadonlyMap<string, Task>;
  /** Distinct (callee, kind) pairs of a task that exist in the graph, in order of their first call. */
  calleesOf: (task: string) => readonly Callee[];
}

export function indexCalls(graph: CallGraph): CallIndex {
  const tasks = new Map(graph.tasks.map((task) => [task.name, task]));
  const callees = new Map<string, Map<string, Callee>>();
  for (const { from, to, kind } of graph.calls) {
    if (!tasks.has(from) || !tasks.has(to)) continue;
    let own = callees.get(from);
    if (!own) callees.set(from, (own = new Map()));
    own.set(`${kind} ${to}`, { to, kind });
  }
  const lists = new Map([...callees].map(([from, own]) => [from, [...own.values()]]));
  return { tasks, calleesOf: (task) => lists.get(task) ?? [] };
}
