import { MATCH, type Node, START, transitionAt } from "./program.ts";

interface Thread {
  readonly node: number;
  readonly slots: Int32Array;
}

/**
 * Runs a program with all its threads side by side, those preferred first, and returns the captures of the first match: time
 * is linear in the text, times the size of the program.
 */
export function captureIn(program: readonly Node[], captures: number, text: string): (string | undefined)[] | undefined {
  const marks = new Int32Array(program.length).fill(-1);
  let threads: Thread[] = [];
  let found: Int32Array | undefined;

  const follow = (list: Thread[], node: number, slots: Int32Array, index: number): void => {
    // An explicit stack in place of recursion; later entries are preferred, so successors go on in reverse.
    const stack: Thread[] = [{ node, slots }];
    for (let thread = stack.pop(); thread; thread = stack.pop()) {
      if (marks[thread.node] === index) continue;
      marks[thread.node] = index;
      const { accepts, anchor, save, next } = program[thread.node] as Node;
      if (accepts || thread.node === MATCH) {
        list.push(thread);
        continue;
      }
      if ((anchor === "start" && index !== 0) || (anchor === "end" && index !== text.length)) continue;
      let { slots: values } = thread;
      if (save !== undefined) {
        values = values.slice();
        values[save] = index;
      }
      for (let choice = next.length - 1; choice >= 0; choice--) stack.push({ node: next[choice] as number, slots: values });
    }
  };

  follow(threads, START, new Int32Array(captures * 2).fill(-1), 0);
  for (let index = 0; index <= text.length; index++) {
    const transition = index < text.length ? transitionAt(text, index) : -2;
    if (transition === -1) {
      // The character goes on: what was to happen after it happens one unit later.
      continue;
    }
    const width = index + 1 < text.length && transitionAt(text, index + 1) === -1 ? 2 : 1;
    const following: Thread[] = [];
    for (const { node, slots } of threads) {
      if (node === MATCH) {
        found = slots;
        break;
      }
      const { accepts, next } = program[node] as Node;
      if (transition >= 0 && accepts?.[transition]) follow(following, next[0] as number, slots, index + width);
    }
    if (!found && index < text.length) follow(following, START, new Int32Array(captures * 2).fill(-1), index + width);
    threads = following;
    if (threads.length === 0 && found) break;
  }
  if (!found) return undefined;
  const slots = found;
  return Array.from({ length: captures }, (_, capture) => {
    const [start, end] = [slots[capture * 2] as number, slots[capture * 2 + 1] as number];
    return start < 0 || end < 0 ? undefined : text.slice(start, end);
  });
}
