/** Setups to compare: the base setup, everything inline, the papers' rule, and random ones. */
import type { CallGraph, CallKind, Task } from "../../extension/core/graph.ts";
import type { FusionSetup } from "../../extension/core/setup.ts";
import type { Variant } from "./platform/platform.ts";

export type { Variant } from "./platform/platform.ts";

export const base: Variant = { name: "base", setup: {}, lossTolerated: [] };

/** Every entry inlines all it reaches, asynchronous calls too. */
export function allInOne(graph: CallGraph): Variant {
  const [inline, inlineAsync] = [calleesOf(graph, "sync"), calleesOf(graph, "async")];
  return { name: "all in one", setup: everywhere(graph, () => ({ inline, inlineAsync }), isEntry), lossTolerated: inlineAsync };
}

/** Synchronous calls inline, asynchronous ones remote. */
export function paperStyle(graph: CallGraph): Variant {
  const inline = calleesOf(graph, "sync");
  return { name: "paper-style", setup: everywhere(graph, () => ({ inline })), lossTolerated: [] };
}

/** Asynchronous calls inline wherever nothing can get lost by it, synchronous ones remote. */
export function asyncInline(graph: CallGraph): Variant {
  const inlineAsync = calleesOf(graph, "async");
  return { name: "async inline", setup: everywhere(graph, () => ({ inlineAsync })), lossTolerated: [] };
}

/** Each callee inline or not by chance, function by function; how likely, is by chance as well. */
export function randomSetup(graph: CallGraph, seed: number): Variant {
  const random = seeded(seed);
  const some = (names: string[], share: number): string[] => names.filter(() => random() < share);
  const share = random();
  const asyncCallees = calleesOf(graph, "async");
  const lists = (): FusionSetup[string] => ({
    inline: some(calleesOf(graph, "sync"), share),
    inlineAsync: some(asyncCallees, share),
  });
  const setup = everywhere(graph, lists, () => random() < 0.7);
  return { name: `random, seed ${seed}`, setup, lossTolerated: random() < 0.5 ? some(asyncCallees, 0.5) : [] };
}

function everywhere(graph: CallGraph, of: () => FusionSetup[string], which: (task: Task) => boolean = () => true): FusionSetup {
  return Object.fromEntries(graph.tasks.filter(which).map(({ name }) => [name, of()]));
}

const isEntry = ({ entry }: Task): boolean => entry;

function calleesOf(graph: CallGraph, kind: CallKind): string[] {
  return [...new Set(graph.calls.filter((call) => call.kind === kind).map(({ to }) => to))].sort();
}

/** mulberry32: numbers from 0 up to 1. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
