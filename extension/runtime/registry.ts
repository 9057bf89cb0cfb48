/** The tasks whose modules this process has loaded. */
import type { TaskContext } from "./context.ts";

export type TaskHandler<Input = never, Output = unknown> = (input: Input, context: TaskContext) => Promise<Output> | Output;

const handlers = new Map<string, TaskHandler | undefined>();

/**
 * Makes a task known. Without a handler it is a name only: the task's code is in another function, and can be called there.
 * @throws Error when two tasks have the same name.
 */
export function register(name: string, handler: TaskHandler | undefined): void {
  if (typeof name !== "string" || name === "") throw new Error('A task needs a name: task("name", handler).');
  if (handler === undefined) {
    if (!handlers.has(name)) handlers.set(name, undefined);
    return;
  }
  if (handlers.get(name)) throw new Error(`There are two tasks named "${name}". Task names are unique in the app: rename one.`);
  handlers.set(name, handler);
}

/** The task's code, if it is in this process. */
export function handlerOf(name: string): TaskHandler | undefined {
  return handlers.get(name);
}

/** Names of all tasks known here, with code or without. */
export function knownTasks(): string[] {
  return [...handlers.keys()];
}
