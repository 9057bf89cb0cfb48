/** Reading order: entries first, then what they call, depth first, so that a callee stands below its caller. */
import type { CallView, TaskView } from "../protocol.ts";

export function readingOrder(tasks: readonly TaskView[], calls: readonly CallView[]): Map<string, number> {
  const callees = new Map<string, string[]>();
  for (const call of calls) {
    const list = callees.get(call.from);
    if (list) list.push(call.to);
    else callees.set(call.from, [call.to]);
  }
  const order = new Map<string, number>();
  // An explicit stack: chains of calls may be thousands deep.
  const visit = (start: string) => {
    const stack = [start];
    for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
      if (order.has(task)) continue;
      order.set(task, order.size);
      stack.push(...(callees.get(task) ?? []).toReversed());
    }
  };
  for (const task of tasks) if (task.entry) visit(task.name);
  for (const task of tasks) visit(task.name);
  return order;
}
