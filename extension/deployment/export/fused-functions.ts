import { createHash } from "node:crypto";
import { isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from "yaml";
import { byName } from "../../core/fusion-groups.ts";
import type { CallGraph } from "../../core/graph.ts";
import { keyOf, quoted } from "./template-text.ts";

/** What becomes of one function of an existing template. */
export interface FusedFunction {
  task: string;
  /** All tasks whose code is inside, its own first. */
  inside: string[];
  /** The bundle, relative to the template's folder: `./export/code/….zip`. */
  code: string;
  /** MB; absent = as the template has it. */
  memory?: number;
  runtime: string;
  /** Tasks that the code may name, each with what tells its function's name in the template. */
  names: Map<string, Node>;
  /** Variables that the handler needs. */
  variables: Record<string, string>;
  /** What `fusionize.json` sets for all functions alike. */
  environment: Readonly<Record<string, string>>;
}

/** Tasks that code of these tasks invokes, sorted. */
export function named(inside: readonly string[], { calls }: CallGraph): string[] {
  return [...new Set(calls.filter(({ from }) => inside.includes(from)).map(({ to }) => to))].sort(byName);
}

/**
 * Puts together what the template says of the environments of the functions inside, expressions as they are.
 * @param own the function's own variables, changed in place.
 */
export function mergeEnvironment(own: YAMLMap, others: readonly (YAMLMap | undefined)[], one: FusedFunction): void {
  const written = new Map<string, Set<string>>();
  const note = (map: YAMLMap): void => {
    for (const pair of map.items) written.set(keyOf(pair), (written.get(keyOf(pair)) ?? new Set()).add(textOf(pair.value)));
  };
  note(own);
  for (const other of others) {
    if (!other) continue;
    note(other);
    for (const pair of other.items) if (!own.has(keyOf(pair))) own.items.push(pair);
  }
  for (const [key, value] of Object.entries(one.environment)) {
    // The template's own expression stays, except where the functions had different ones and may share one by this value.
    if (!own.has(key) || (written.get(key)?.size ?? 0) > 1) own.set(quoted(key), quoted(value));
  }
  for (const [key, value] of Object.entries(one.variables)) own.set(key, quoted(value));
  if (one.names.size > 0) own.set("FUSIONIZE_FUNCTIONS", joined(one.names));
}

/** Role statements or policies of the functions inside, each once. */
export function mergePolicies(own: Node | undefined, others: readonly (Node | undefined)[]): YAMLSeq | undefined {
  const all = [own, ...others].flatMap((node) => (node === undefined ? [] : isSeq(node) ? (node.items as Node[]) : [node]));
  if (all.length === 0) return undefined;
  const merged = new YAMLSeq();
  merged.items = [...new Map(all.map((item) => [textOf(item), item])).values()];
  return merged;
}

/** `{"Price":"<name>"}` of names that only the stack knows. Joined, not substituted: both kinds of template have that. */
function joined(names: ReadonlyMap<string, Node>): YAMLMap {
  const parts: Node[] = [];
  [...names].forEach(([task, name], i) => parts.push(quoted(`${i === 0 ? "{" : '",'}"${task}":"`), name));
  parts.push(quoted('"}'));
  return map({ "Fn::Join": list(quoted(""), list(...parts)) });
}

export const ref = (id: string): YAMLMap => map({ Ref: new Scalar(id) });

export function map(entries: Record<string, Node>): YAMLMap {
  const made = new YAMLMap();
  made.flow = true;
  for (const [key, value] of Object.entries(entries)) made.items.push(new Pair(new Scalar(key), value));
  return made;
}

export function list(...items: Node[]): YAMLSeq {
  const made = new YAMLSeq();
  made.flow = true;
  made.items = items;
  return made;
}

/** Two parts with the same text say the same. */
export function textOf(node: unknown): string {
  const plain = (one: unknown): unknown => {
    if (isScalar(one)) return [one.tag ?? "", String(one.value)];
    if (isSeq(one)) return [one.tag ?? "", one.items.map(plain)];
    if (isMap(one))
      return [one.tag ?? "", one.items.map((pair) => JSON.stringify([keyOf(pair), plain(pair.value)])).sort(byName)];
    return null;
  };
  return createHash("sha256")
    .update(JSON.stringify(plain(node)))
    .digest("hex");
}
