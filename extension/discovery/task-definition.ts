import type { CallExpression, Node, OptionalCallExpression } from "@babel/types";
import { TASK_NAME, TASK_NAME_RULE } from "../core/task-name.ts";
import { constantText, unwrap } from "./expressions.ts";
import { functionValue } from "./functions.ts";
import type { Definition, Variable } from "./summary.ts";
import type { Walk } from "./walk.ts";

/** Whether an expression is the library's `task` function, whatever it is called in this file. */
export function isLibraryTask(walk: Walk, callee: Node): boolean {
  return libraryPart(walk, callee) === "task";
}

/** Which part of the library an expression names, by imports and constants of this file. */
export function libraryPart(walk: Walk, expression: Node): "task" | "namespace" | undefined {
  const node = unwrap(expression);
  if (node.type === "Identifier") return walk.scope.find(node.name)?.library;
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression") {
    const of = libraryPart(walk, node.object);
    if (of !== "namespace") return undefined;
    const name = !node.computed && node.property.type === "Identifier" ? node.property.name : constantText(walk, node.property);
    return libraryExport(name);
  }
  if (node.type === "AwaitExpression") return libraryPart(walk, node.argument);
  if (node.type === "CallExpression" || node.type === "ImportExpression") {
    const source = node.type === "ImportExpression" ? node.source : node.arguments[0];
    const callee = node.type === "ImportExpression" ? undefined : unwrap(node.callee);
    const loads =
      callee === undefined ||
      callee.type === "Import" ||
      (callee.type === "Identifier" && callee.name === "require" && !walk.scope.find("require"));
    return loads && source?.type === "StringLiteral" && source.value === "fusionize" ? "namespace" : undefined;
  }
  return undefined;
}

/** What a name exported by the library is; `default` is the namespace that CommonJS interoperation makes. */
export function libraryExport(name: string | undefined): "task" | "namespace" | undefined {
  return name === "task" ? "task" : name === "default" ? "namespace" : undefined;
}

/** Records `task("name", handler)` and gives the task's value. */
export function taskDefinition(walk: Walk, node: CallExpression | OptionalCallExpression): Variable {
  const [nameNode, handlerNode] = node.arguments;
  walk.visit(node.callee);
  if (!nameNode) {
    walk.report("error", "task-name-missing", 'A task needs a name and a handler: task("name", async (input) => …).', node);
    return 0;
  }
  const inner = unwrap(nameNode);
  const literal = inner.type === "StringLiteral" || (inner.type === "TemplateLiteral" && inner.expressions.length === 0);
  const name = literal ? constantText(walk, inner) : undefined;
  if (name === undefined) {
    walk.visit(nameNode);
    const known = constantText(walk, inner);
    const hint = known === undefined ? '"name"' : JSON.stringify(known);
    walk.report(
      "error",
      "task-name-not-literal",
      `A task's name must be written as a string literal: task(${hint}, …).`,
      nameNode,
    );
  } else if (!TASK_NAME.test(name)) {
    walk.report("error", "task-name-invalid", `"${name}" cannot name a task: use ${TASK_NAME_RULE}.`, nameNode);
  }
  if (walk.within !== 0 && handlerNode) {
    const message =
      "A task must be defined at the top level of its module: inside a function it would not exist until that function runs.";
    walk.report("error", "task-in-function", message, nameNode);
  }
  const handler = handlerNode && handlerValue(walk, handlerNode);
  for (const more of node.arguments.slice(2)) walk.visit(more);
  const definition: Definition = {
    name: name !== undefined && TASK_NAME.test(name) ? name : undefined,
    range: walk.range({ start: node.start, end: nameNode.end }),
    handler,
    within: walk.within,
    start: node.start ?? 0,
    end: node.end ?? 0,
    nameStart: nameNode.start ?? 0,
    nameEnd: nameNode.end ?? 0,
  };
  if (handlerNode) {
    definition.handlerStart = handlerNode.start ?? 0;
    definition.handlerEnd = handlerNode.end ?? 0;
    definition.handlerRange = walk.range(handlerNode);
  }
  walk.summary.definitions.push(definition);
  if (definition.name === undefined) return 0;
  const value = walk.newVariable();
  walk.emit({ op: "task", to: value, name: definition.name });
  return value;
}

function handlerValue(walk: Walk, node: Node): Variable {
  const inner = unwrap(node);
  const written = inner.type === "ArrowFunctionExpression" || inner.type === "FunctionExpression";
  const value = written ? functionValue(walk, inner, { handler: true }) : walk.visit(node);
  if (value !== 0) return value;
  // A variable of its own, so that "has a handler that cannot be followed" differs from "has no handler".
  return walk.newVariable();
}
