/** Tasks that may not run twice at once in one process take turns. */
import type { Run } from "./run.ts";

const last = new Map<string, Promise<void>>();

/** Waits for the task's turn. @returns what ends it. */
export async function acquire(task: string): Promise<() => void> {
  const before = last.get(task);
  let release = (): void => {};
  const turn = new Promise<void>((resolve) => {
    release = resolve;
  });
  const mine = before ? before.then(() => turn) : turn;
  last.set(task, mine);
  await before;
  return () => {
    release();
    if (last.get(task) === mine) last.delete(task);
  };
}

/**
 * Whether a run may wait for the task's turn. One that holds a turn itself, or whose callers do, may not wait for
 * another: the two could wait for each other for ever.
 */
export function mayWait(task: string, caller: Run): boolean {
  if (!last.has(task)) return true;
  for (let run: Run | undefined = caller; run; run = run.parent) {
    if (caller.invocation.host.exclusive.has(run.task)) return false;
  }
  return true;
}
