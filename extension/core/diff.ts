import { listed } from "./check-setup.ts";
import { byName, resolveSetup } from "./fusion-groups.ts";
import type { CallGraph } from "./graph.ts";
import type { FusionSetup, ResolvedFunction } from "./setup.ts";

/** What changes about one function between two setups. */
export interface FunctionChange {
  root: string;
  kind: "added" | "removed" | "changed";
  /** MB. */
  memory?: { from: number; to: number };
  /** Tasks whose synchronous calls are inlined now, and those whose calls go remote now. */
  inlined: string[];
  uninlined: string[];
  /** The same for asynchronous calls. */
  inlinedAsync: string[];
  uninlinedAsync: string[];
  /** The change in one sentence. */
  sentence: string;
}

/** How the functions of setup `a` become those of setup `b`, in order of their roots. Functions that stay are left out. */
export function diffSetups(graph: CallGraph, a: FusionSetup, b: FusionSetup): FunctionChange[] {
  const before = new Map(resolveSetup(graph, a).map((f) => [f.root, f]));
  const after = new Map(resolveSetup(graph, b).map((f) => [f.root, f]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort(byName)
    .map((root) => changeOf(root, before.get(root), after.get(root)))
    .filter((change) => change !== undefined);
}

function changeOf(
  root: string,
  before: ResolvedFunction | undefined,
  after: ResolvedFunction | undefined,
): FunctionChange | undefined {
  const minus = (x: readonly string[] = [], y: readonly string[] = []) => x.filter((name) => !y.includes(name));
  const change: FunctionChange = {
    root,
    kind: before && after ? "changed" : after ? "added" : "removed",
    inlined: minus(after?.inline, before?.inline),
    uninlined: minus(before?.inline, after?.inline),
    inlinedAsync: minus(after?.inlineAsync, before?.inlineAsync),
    uninlinedAsync: minus(before?.inlineAsync, after?.inlineAsync),
    sentence: "",
  };
  if (before && after && before.memory !== after.memory) change.memory = { from: before.memory, to: after.memory };
  const lists = [change.inlined, change.uninlined, change.inlinedAsync, change.uninlinedAsync];
  if (change.kind === "changed" && !change.memory && lists.every((list) => list.length === 0)) return undefined;
  change.sentence = sentenceOf(change, after);
  return change;
}

function sentenceOf(
  { root, kind, memory, inlined, uninlined, inlinedAsync, uninlinedAsync }: FunctionChange,
  after: ResolvedFunction | undefined,
): string {
  if (kind === "removed") return `Remove function ${root}: nothing invokes it any more`;
  if (kind === "added" && after) {
    const others = after.tasks.slice(1);
    return `Give ${root} a function of its own with ${after.memory} MB${others.length > 0 ? `, ${listed(others)} inlined` : ""}`;
  }
  const parts: string[] = [];
  if (inlined.length > 0) parts.push(`inline ${listed(inlined)} into ${root}`);
  if (inlinedAsync.length > 0) parts.push(`inline asynchronous calls of ${listed(inlinedAsync)} into ${root}`);
  if (uninlined.length > 0) parts.push(`call ${listed(uninlined)} remotely from ${root}`);
  if (uninlinedAsync.length > 0) parts.push(`call ${listed(uninlinedAsync)} remotely and asynchronously from ${root}`);
  if (memory)
    parts.push(
      parts.length > 0 ? `${memory.from} → ${memory.to} MB` : `change the memory of ${root}, ${memory.from} → ${memory.to} MB`,
    );
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
