import type { Node } from "@babel/types";
import { unwrap } from "./expressions.ts";
import { isFree } from "./patterns.ts";
import type { Variable } from "./summary.ts";
import type { Walk } from "./walk.ts";

/** Globals that neither keep nor call what they are given, or whose calls are modelled. */
const HARMLESS = new Set(
  "console JSON Map Set WeakMap WeakSet Array Object Promise String Number Boolean Symbol Error TypeError RangeError Math Date Reflect structuredClone isNaN".split(
    " ",
  ),
);

export function isHarmlessGlobal(walk: Walk, callee: Node): boolean {
  const node = unwrap(callee);
  const root = node.type === "MemberExpression" || node.type === "OptionalMemberExpression" ? unwrap(node.object) : node;
  return root.type === "Identifier" && HARMLESS.has(root.name) && walk.scope.find(root.name) === undefined;
}

/** Values of calls like `Promise.all(x)` and `Object.values(x)`; undefined when it is none of them. */
export function globalCall(
  walk: Walk,
  callee: Extract<Node, { object: Node }>,
  key: string | null,
  args: readonly Node[],
): Variable | undefined {
  const of = (name: string) => isFree(walk, unwrap(callee.object), name);
  const value = (i: number) => {
    const node = args[i];
    if (!node) return 0;
    return node.type === "SpreadElement" ? walk.load(walk.visit(node.argument), null) : walk.visit(node);
  };
  if (of("Promise") && key !== null && ["all", "allSettled", "any", "race", "resolve"].includes(key)) {
    const given = value(0);
    return key === "any" || key === "race" ? walk.either(walk.load(given, null), 0) : given;
  }
  if (of("Object") && (key === "values" || key === "entries")) {
    const element = walk.load(value(0), null);
    const list = walk.newObject().variable;
    if (key === "values") walk.store(list, null, element);
    else {
      const pair = walk.newObject().variable;
      walk.store(pair, "1", element);
      walk.store(list, null, pair);
    }
    return list;
  }
  if (of("Object") && key === "assign") {
    const target = value(0);
    for (let i = 1; i < args.length; i++) {
      const from = value(i);
      if (from !== 0 && target !== 0) walk.emit({ op: "spread", from, to: target });
    }
    return target;
  }
  if (of("Object") && key === "fromEntries") {
    const record = walk.newObject().variable;
    walk.store(record, null, walk.load(walk.load(value(0), null), "1"));
    return record;
  }
  if (of("Object") && (key === "freeze" || key === "seal" || key === "create")) return value(0);
  if (of("Array") && key === "of") {
    const list = walk.newObject().variable;
    args.forEach((_, i) => walk.store(list, null, value(i)));
    return list;
  }
  if (of("Array") && key === "from") {
    const source = value(0);
    const callback = value(1);
    if (callback === 0) return source;
    const given = walk.newVariable();
    const list = walk.newObject().variable;
    walk.store(list, null, given);
    walk.site({ callee: callback, args: [walk.load(source, null)], result: given, range: walk.range(callee), harmless: true });
    return list;
  }
  return undefined;
}
