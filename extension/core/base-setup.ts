import { indexCalls } from "./call-index.ts";
import type { CallIndex } from "./call-index.ts";
import type { CallGraph, CallKind } from "./graph.ts";
import { byName, defaultMemory, resolveFunction, resolveSetup } from "./fusion-groups.ts";
import { DEFAULT_MEMORY_MB } from "./setup.ts";
import type { FunctionSetup, FusionSetup } from "./setup.ts";

/** Every task that needs one its own function, all calls remote, smallest memory. */
export const baseSetup = (): FusionSetup => ({});

/** Every entry inlines all that it reaches, synchronous and asynchronous calls alike. */
export function allInOne(graph: CallGraph, memory?: number): FusionSetup {
  const index = indexCalls(graph);
  const setup: FusionSetup = {};
  for (const { name, entry } of graph.tasks)
    if (entry) setup[name] = inlineReached(index, name, new Set(["sync", "async"]), memory);
  return normalizeSetup(graph, setup);
}

/** The papers' path setup: synchronous calls inline, asynchronous calls remote, in every function that this leaves. */
export function paperSetup(graph: CallGraph, memory?: number): FusionSetup {
  const index = indexCalls(graph);
  const setup: FusionSetup = {};
  const wanted = graph.tasks.filter((task) => task.entry || task.escapes).map((task) => task.name);
  for (let root = wanted.pop(); root !== undefined; root = wanted.pop()) {
    if (Object.hasOwn(setup, root)) continue;
    const written = inlineReached(index, root, new Set<CallKind>(["sync"]), memory);
    setup[root] = written;
    wanted.push(...resolveFunction(index, root, written).remote);
  }
  return normalizeSetup(graph, setup);
}

function inlineReached(index: CallIndex, root: string, kinds: ReadonlySet<CallKind>, memory: number | undefined): FunctionSetup {
  const lists = { sync: new Set<string>(), async: new Set<string>() };
  const inside = new Set([root]);
  for (const task of inside) {
    for (const { to, kind } of index.calleesOf(task)) {
      if (!kinds.has(kind)) continue;
      lists[kind].add(to);
      inside.add(to);
    }
  }
  return { memory, inline: [...lists.sync], inlineAsync: [...lists.async] };
}

/**
 * A setup drawn at random: each function that exists inlines each call that it could with probability one half, with a
 * memory size from `sizes`. `random` gives numbers in [0, 1): the same sequence gives the same setup.
 */
export function randomSetup(graph: CallGraph, random: () => number, sizes: readonly number[] = [DEFAULT_MEMORY_MB]): FusionSetup {
  const index = indexCalls(graph);
  const setup: FusionSetup = {};
  const wanted = graph.tasks.filter((task) => task.entry || task.escapes).map((task) => task.name);
  for (let root = wanted.shift(); root !== undefined; root = wanted.shift()) {
    if (Object.hasOwn(setup, root)) continue;
    const lists = { sync: new Set<string>(), async: new Set<string>() };
    const decided = new Set<string>();
    const inside = new Set([root]);
    for (const task of inside) {
      for (const { to, kind } of index.calleesOf(task)) {
        if (decided.has(`${kind} ${to}`)) continue;
        decided.add(`${kind} ${to}`);
        if (random() < 0.5) continue;
        lists[kind].add(to);
        inside.add(to);
      }
    }
    const memory = sizes[Math.min(sizes.length - 1, Math.floor(random() * sizes.length))];
    const written: FunctionSetup = { memory, inline: [...lists.sync], inlineAsync: [...lists.async] };
    setup[root] = written;
    wanted.push(...resolveFunction(index, root, written).remote);
  }
  return normalizeSetup(graph, setup);
}

/**
 * The shortest way to write the same setup: names that change nothing, default memory, empty lists and functions that
 * would exist as they are without being listed are dropped; keys and lists sorted.
 */
export function normalizeSetup(graph: CallGraph, setup: FusionSetup): FusionSetup {
  const functions = resolveSetup(graph, setup);
  const tasks = new Map(graph.tasks.map((task) => [task.name, task]));
  const exists = new Set(functions.map((f) => f.root));
  const normal: FusionSetup = {};
  for (const { root, memory, inline, inlineAsync } of [...functions].sort((a, b) => byName(a.root, b.root))) {
    const written: FunctionSetup = {};
    if (memory !== defaultMemory(tasks.get(root))) written.memory = memory;
    if (inline.length > 0) written.inline = inline;
    if (inlineAsync.length > 0) written.inlineAsync = inlineAsync;
    if (Object.keys(written).length > 0) normal[root] = written;
  }
  // A root that is listed only so that it exists (nothing reaches it otherwise) must stay listed.
  const withoutListing = new Set(resolveSetup(graph, normal).map((f) => f.root));
  for (const root of [...exists].sort(byName)) if (!withoutListing.has(root)) normal[root] = {};
  return normal;
}
