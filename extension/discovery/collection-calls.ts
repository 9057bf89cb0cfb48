import type { Node } from "@babel/types";
import { ARRAY_CALLBACKS, COLLECTION_READS, COLLECTION_WRITES, PROMISE_CALLBACKS } from "./collection-methods.ts";
import type { Variable } from "./summary.ts";
import type { Walk } from "./walk.ts";

export interface MethodCall {
  key: string | null;
  object: Variable;
  args: readonly Variable[];
  nodes: readonly Node[];
  result: Variable;
  /** Nobody waits for what the callback returns. */
  lost: boolean;
}

/**
 * What methods of arrays, maps, sets and promises do with their arguments. Which type an object has is not known, so a
 * method of that name is taken for theirs; on other objects this adds nothing that is not there. Returns whether the
 * arguments are callbacks of such a method.
 */
export function collectionCall(walk: Walk, call: MethodCall): boolean {
  const { key, object, args, result } = call;
  if (key === null) return false;
  if (ARRAY_CALLBACKS.has(key)) {
    arrayCallback(walk, key, call);
    return true;
  }
  if (PROMISE_CALLBACKS.has(key)) {
    args.forEach((callback, i) => invoke(walk, call, i, key === "then" && callback === args[0] ? [object] : [], result));
    if (key !== "then") walk.copy(object, result);
    return true;
  }
  if (COLLECTION_WRITES.has(key)) {
    for (const arg of args) walk.store(object, null, arg);
    walk.copy(object, result);
  } else if (COLLECTION_READS.has(key)) {
    walk.copy(object, result);
    walk.copy(walk.load(object, null), result);
  }
  return false;
}

function arrayCallback(walk: Walk, key: string, call: MethodCall): void {
  const { object, args, result } = call;
  const element = walk.load(object, null);
  const given = walk.newVariable();
  const folds = key === "reduce" || key === "reduceRight";
  invoke(walk, call, 0, folds ? [walk.either(args[1] ?? 0, given), element] : [element, 0, object], given);
  if (key === "map" || key === "flatMap") {
    const mapped = walk.newObject().variable;
    walk.store(mapped, null, given);
    walk.copy(mapped, result);
  } else if (key === "find" || key === "findLast") walk.copy(element, result);
  else walk.copy(folds ? given : object, result);
}

/** The method calls its argument `i`: a call of its own, shown where the callback stands. */
function invoke(walk: Walk, { args, nodes, lost }: MethodCall, i: number, given: Variable[], result: Variable): void {
  const callee = args[i] ?? 0;
  if (callee === 0) return;
  walk.site({ callee, args: given, result, range: walk.range(nodes[i]!), dropped: lost, harmless: true });
}
