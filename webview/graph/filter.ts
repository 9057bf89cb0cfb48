/** The part of an app that a filter leaves: what one entry reaches, what lies within some calls of an entry, one function and its surroundings. Pure. */
import type { CallView, PanelState, TaskView } from "../protocol.ts";

export function filtered(
  model: Pick<PanelState, "tasks" | "calls">,
  entry: string | undefined,
  depth: number | undefined,
  group?: readonly string[],
): { tasks: TaskView[]; calls: CallView[] } {
  if (group !== undefined) return around(filtered(model, entry, depth), group);
  if (entry === undefined && depth === undefined) return model;
  const starts = model.tasks.filter((task) => (entry === undefined ? task.entry : task.name === entry)).map((task) => task.name);
  const callees = Map.groupBy(model.calls, (call) => call.from);
  const distance = new Map(starts.map((name) => [name, 0]));
  const queue = [...starts];
  for (let at = 0; at < queue.length; at += 1) {
    const name = queue[at] ?? "";
    const next = (distance.get(name) ?? 0) + 1;
    if (depth !== undefined && next > depth) continue;
    for (const call of callees.get(name) ?? []) {
      if (distance.has(call.to)) continue;
      distance.set(call.to, next);
      queue.push(call.to);
    }
  }
  if (starts.length === 0) return model;
  return {
    tasks: model.tasks.filter((task) => distance.has(task.name)),
    calls: model.calls.filter((call) => distance.has(call.from) && distance.has(call.to)),
  };
}

/** The tasks of a function, and those at the other end of its calls. */
function around(
  model: { tasks: TaskView[]; calls: CallView[] },
  group: readonly string[],
): { tasks: TaskView[]; calls: CallView[] } {
  const members = new Set(group);
  const calls = model.calls.filter((call) => members.has(call.from) || members.has(call.to));
  const shown = new Set([...group, ...calls.flatMap((call) => [call.from, call.to])]);
  return { tasks: model.tasks.filter((task) => shown.has(task.name)), calls };
}
