import { hash64 } from "./hash.ts";
import { DEFAULT_MEMORY_MB } from "./setup.ts";
import type { FusionSetup } from "./setup.ts";

/** Hex digits of an id: 40 bits, a clash among a million setups of one app has a chance below 50 %, among a thousand 5e-7. */
const ID_LENGTH = 10;

/**
 * Names a setup in records, history and releases. Setups that mean the same have the same id: order of keys and lists,
 * repeated names, memory written or left at the default make no difference, nor does a function listed with nothing but
 * defaults. With `graphTasks` (names of the tasks that exist) mentions of other tasks make no difference either.
 */
export function setupId(setup: FusionSetup, graphTasks?: Iterable<string>): string {
  return hash64(canonicalSetup(setup, graphTasks)).slice(0, ID_LENGTH);
}

/** The text that the id is made of: JSON with everything sorted and every default filled in. */
export function canonicalSetup(setup: FusionSetup, graphTasks?: Iterable<string>): string {
  const known = graphTasks && new Set(graphTasks);
  const exists = (task: string) => known === undefined || known.has(task);
  const names = (list: readonly string[] | undefined) => [...new Set(list)].filter(exists).sort();
  const functions = Object.keys(setup)
    .filter(exists)
    .sort()
    .map((root) => {
      const { memory = DEFAULT_MEMORY_MB, inline, inlineAsync } = setup[root]!;
      return { root, memory, inline: names(inline), inlineAsync: names(inlineAsync) };
    })
    .filter((f) => f.memory !== DEFAULT_MEMORY_MB || f.inline.length > 0 || f.inlineAsync.length > 0);
  return JSON.stringify(functions);
}
