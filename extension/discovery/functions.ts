import type {
  ArrowFunctionExpression,
  BlockStatement,
  Class,
  ClassMethod,
  ClassPrivateMethod,
  Expression,
  FunctionDeclaration,
  FunctionExpression,
  Node,
  ObjectMethod,
} from "@babel/types";
import { accessor, keyOf } from "./expressions.ts";
import { patternNames } from "./hoist.ts";
import { assignTo } from "./patterns.ts";
import type { Variable } from "./summary.ts";
import type { Visitors, Walk } from "./walk.ts";

type AnyFunction =
  | ArrowFunctionExpression
  | FunctionExpression
  | FunctionDeclaration
  | ObjectMethod
  | ClassMethod
  | ClassPrivateMethod;

/** Functions and classes: each a value, with its code walked where it is written. */
export const functions: Visitors = {
  ArrowFunctionExpression: (walk, node) => functionValue(walk, node),
  FunctionExpression: (walk, node) => functionValue(walk, node),
  ObjectMethod: (walk, node) => functionValue(walk, node),
  ClassMethod: (walk, node) => functionValue(walk, node),
  ClassPrivateMethod: (walk, node) => functionValue(walk, node),
  FunctionDeclaration(walk, node) {
    const value = functionValue(walk, node);
    if (node.id) walk.copy(value, walk.scope.find(node.id.name)?.variable ?? 0);
    return value;
  },
  ClassExpression: (walk, node) => classValue(walk, node),
  ClassDeclaration(walk, node) {
    const value = classValue(walk, node);
    if (node.id) walk.copy(value, walk.scope.find(node.id.name)?.variable ?? 0);
    return value;
  },
  ReturnStatement(walk, { argument }) {
    walk.copy(walk.visit(argument), walk.summary.functions[walk.within]!.result);
    return 0;
  },
};

/** `handler`: the function is written as a task's handler. `dropped`: nobody waits for what it returns. */
export function functionValue(walk: Walk, node: AnyFunction, { handler = false, dropped = false } = {}): Variable {
  const { index, summary } = walk.newFunction(walk.within, node.params.length);
  if (handler) summary.handler = true;
  const value = walk.newVariable();
  walk.emit({ op: "function", to: value, index });
  inFunction(walk, index, () => {
    // A callback's promise is dropped; one that it starts itself and does not return is reported at its own statement.
    if (dropped) walk.droppedCallback = node.async || node.body.type !== "BlockStatement";
    else if (node.type !== "ArrowFunctionExpression" || handler) walk.droppedCallback = false;
    if (node.type === "FunctionExpression" && node.id) walk.copy(value, walk.declare(node.id.name).variable);
    parameters(walk, node.params, index);
    body(walk, node.body, summary.result);
  });
  return value;
}

function inFunction(walk: Walk, index: number, visit: () => void): void {
  const { within, droppedCallback } = walk;
  walk.within = index;
  walk.inScope(visit);
  walk.within = within;
  walk.droppedCallback = droppedCallback;
}

function parameters(walk: Walk, params: readonly Node[], index: number): void {
  const summary = walk.summary.functions[index]!;
  for (const param of params) walk.declareAll(patternNames(param));
  params.forEach((param, i) => {
    if (param.type === "RestElement") {
      const rest = walk.newObject().variable;
      summary.rest = walk.newVariable();
      summary.params.length = i;
      walk.store(rest, null, summary.rest);
      assignTo(walk, param.argument, rest);
    } else assignTo(walk, param, summary.params[i]!);
  });
}

function body(walk: Walk, node: BlockStatement | Expression, result: Variable): void {
  if (node.type === "BlockStatement") {
    walk.declareHoisted(node);
    walk.block(node.body);
  } else walk.copy(walk.visit(node), result);
}

function classValue(walk: Walk, node: Class): Variable {
  const parentClass = walk.visit(node.superClass);
  walk.visitAll(node.decorators ?? []);
  const { index, summary } = walk.newFunction(walk.within, 0);
  const value = walk.newVariable();
  const instance = walk.newObject();
  summary.instance = instance.index;
  walk.emit({ op: "function", to: value, index });
  if (parentClass !== 0) {
    walk.emit({ op: "extends", from: parentClass, index: instance.index });
    walk.emit({ op: "spread", from: parentClass, to: value });
  }
  const outer = { self: walk.self, parentClass: walk.parentClass };
  walk.parentClass = parentClass;
  walk.inScope(() => {
    if (node.id && node.type === "ClassExpression") walk.copy(value, walk.declare(node.id.name).variable);
    for (const part of node.body.body) {
      if (part.type === "StaticBlock") {
        walk.block(part.body);
        continue;
      }
      const isStatic = "static" in part && part.static === true;
      const owner = isStatic ? value : instance.variable;
      walk.self = owner;
      if (part.type === "ClassMethod" && part.kind === "constructor") constructorOf(walk, part, index);
      else if (part.type === "ClassMethod" || part.type === "ClassPrivateMethod") {
        const key = keyOf(walk, part.key, part.type === "ClassMethod" && part.computed);
        const method = walk.visit(part);
        if (part.kind === "get" || part.kind === "set") accessor(walk, owner, key, part.kind, method);
        else walk.store(owner, key, method);
      } else if (part.type === "ClassProperty" || part.type === "ClassPrivateProperty" || part.type === "ClassAccessorProperty") {
        const key = keyOf(walk, part.key, "computed" in part && part.computed);
        // Initial values of instance fields are the constructor's code, those of static fields the code around the class.
        if (isStatic) walk.store(owner, key, walk.visit(part.value));
        else inFunction(walk, index, () => walk.store(owner, key, walk.visit(part.value)));
      }
    }
  });
  walk.self = outer.self;
  walk.parentClass = outer.parentClass;
  if (!node.body.body.some((part) => part.type === "ClassMethod" && part.kind === "constructor") && parentClass !== 0) {
    inFunction(walk, index, () =>
      walk.site({ callee: parentClass, args: [], result: 0, construct: true, range: walk.range(node), harmless: true }),
    );
  }
  return value;
}

function constructorOf(walk: Walk, node: ClassMethod, index: number): void {
  const summary = walk.summary.functions[index]!;
  summary.params = node.params.map(() => walk.newVariable());
  inFunction(walk, index, () => {
    parameters(walk, node.params, index);
    body(walk, node.body, summary.result);
  });
}
