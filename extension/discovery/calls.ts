import type { CallExpression, NewExpression, Node, OptionalCallExpression } from "@babel/types";
import { keyOf, member, unwrap } from "./expressions.ts";
import { functionValue } from "./functions.ts";
import { moduleFunction } from "./modules.ts";
import { isFree } from "./patterns.ts";
import { globalCall, isHarmlessGlobal } from "./builtins.ts";
import { collectionCall } from "./collection-calls.ts";
import { PROMISE_CALLBACKS } from "./collection-methods.ts";
import type { Variable } from "./summary.ts";
import { isLibraryTask, taskDefinition } from "./task-definition.ts";
import type { Visitors, Walk } from "./walk.ts";

type AnyCall = CallExpression | OptionalCallExpression | NewExpression;

export const calls: Visitors = {
  CallExpression: (walk, node) => callValue(walk, node),
  OptionalCallExpression: (walk, node) => callValue(walk, node),
  NewExpression: (walk, node) => callValue(walk, node),
  ImportExpression: (walk, { source }) => moduleFunction(walk, source),
  TaggedTemplateExpression(walk, { tag, quasi }) {
    const callee = walk.visit(tag);
    const args = [0, ...quasi.expressions.map((e) => walk.visit(e))];
    const result = walk.newVariable();
    walk.site({ callee, args, result, range: walk.range(quasi) });
    return result;
  },
  Decorator(walk, { expression }) {
    const callee = walk.visit(expression);
    walk.site({ callee, args: [], result: 0, range: walk.range(expression), harmless: true });
    return 0;
  },
  ExpressionStatement(walk, { expression }) {
    visitDropped(walk, expression);
    return 0;
  },
};

/** An expression whose value nobody uses: calls in it are not waited for. */
function visitDropped(walk: Walk, expression: Node): void {
  const inner = unwrap(expression);
  switch (inner.type) {
    case "CallExpression":
    case "OptionalCallExpression":
      callValue(walk, inner, true);
      break;
    case "UnaryExpression":
      if (inner.operator === "void") visitDropped(walk, inner.argument);
      else walk.visit(inner);
      break;
    case "LogicalExpression":
      walk.visit(inner.left);
      visitDropped(walk, inner.right);
      break;
    case "ConditionalExpression":
      walk.visit(inner.test);
      visitDropped(walk, inner.consequent);
      visitDropped(walk, inner.alternate);
      break;
    default:
      walk.visit(inner);
  }
}

/** Emits the call and what follows from it for arguments and result. `isStatement`: nobody waits for the result. */
export function callValue(walk: Walk, node: AnyCall, isStatement = false): Variable {
  const dropped = isStatement || walk.droppedObject === node;
  const callee = unwrap(node.callee);
  if (callee.type === "Import") return moduleFunction(walk, node.arguments[0]);
  if (node.type !== "NewExpression") {
    if (isLibraryTask(walk, callee)) return taskDefinition(walk, node);
    if (isFree(walk, callee, "require") && node.arguments.length === 1) return moduleFunction(walk, node.arguments[0], true);
  }
  const range = walk.range(node);
  const lost = dropped || walk.droppedCallback;

  if (node.type !== "NewExpression" && (callee.type === "MemberExpression" || callee.type === "OptionalMemberExpression")) {
    return methodCall(walk, node, callee, range, dropped, lost);
  }
  const args = argumentsOf(walk, node.arguments);
  const isSuper = callee.type === "Super";
  const construct = node.type === "NewExpression" || isSuper;
  const calleeValue = isSuper ? walk.parentClass : walk.visit(callee);
  // `new Map()` and the like: what is put into it can be taken out again.
  const result = construct && !isSuper ? walk.newObject().variable : walk.newVariable();
  const harmless = isHarmlessGlobal(walk, callee);
  if (construct && !isSuper && args[0] && harmless) walk.store(result, null, walk.load(walk.load(args[0], null), null));
  walk.site({
    callee: calleeValue,
    args,
    result,
    range,
    construct,
    dropped: lost,
    dynamic: dynamicCallee(walk, callee),
    harmless,
  });
  return result;
}

function methodCall(
  walk: Walk,
  node: CallExpression | OptionalCallExpression,
  callee: Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>,
  range: ReturnType<Walk["range"]>,
  dropped: boolean,
  lost: boolean,
): Variable {
  // `call(x).catch(…)` as a statement: nobody waits for the call either.
  const inner = unwrap(callee.object);
  const chained =
    dropped && isPromiseMethod(callee) && (inner.type === "CallExpression" || inner.type === "OptionalCallExpression");
  const before = walk.droppedObject;
  walk.droppedObject = chained ? inner : undefined;
  const { object, value, key } = member(walk, callee);
  walk.droppedObject = before;

  const known = globalCall(walk, callee, key, node.arguments);
  if (known !== undefined) return known;
  const dropsCallback = key === "forEach" || (dropped && (key === "map" || key === "flatMap"));
  const args = argumentsOf(walk, node.arguments, dropsCallback);
  const result = walk.newVariable();
  const dynamic = dynamicCallee(walk, callee);

  // `captureAWSv3Client(client)` of tracing libraries gives the client back.
  if (walk.followsTexts && key?.startsWith("captureAWS")) walk.copy(args[0] ?? 0, result);
  if (key === "call" || key === "apply") {
    walk.site({
      callee: object,
      args: key === "call" ? args.slice(1) : [walk.load(args[1] ?? 0, null)],
      result,
      range,
      dropped: lost,
      harmless: true,
    });
  } else if (key === "bind") walk.copy(object, result);

  const callbacks = collectionCall(walk, { key, object, args, nodes: node.arguments, result, lost: lost || dropsCallback });
  const harmless = callbacks || key === "bind" || key === "call" || key === "apply" || isHarmlessGlobal(walk, callee);
  walk.site({
    callee: value,
    args,
    result,
    range,
    dropped: lost,
    dynamic,
    harmless,
    receiver: harmless ? 0 : object,
    ...(key === null ? {} : { key }),
  });
  return result;
}

/** Values of arguments; a spread argument stands for its elements. */
function argumentsOf(walk: Walk, nodes: readonly Node[], dropsCallback = false): Variable[] {
  return nodes.map((node, i) => {
    if (node.type === "SpreadElement") return walk.load(walk.visit(node.argument), null);
    const inner = unwrap(node);
    if (dropsCallback && i === 0 && (inner.type === "ArrowFunctionExpression" || inner.type === "FunctionExpression")) {
      return functionValue(walk, inner, { dropped: true });
    }
    return walk.visit(node);
  });
}

function isPromiseMethod(callee: Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>): boolean {
  return callee.property.type === "Identifier" && PROMISE_CALLBACKS.has(callee.property.name);
}

/** Text of a callee that contains a choice made at run time (`tasks[name]`), else undefined. */
function dynamicCallee(walk: Walk, callee: Node): string | undefined {
  for (
    let node = unwrap(callee);
    node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
    node = unwrap(node.object)
  ) {
    if (node.computed && keyOf(walk, node.property, true) === null) return walk.textOf(callee);
  }
  return undefined;
}
