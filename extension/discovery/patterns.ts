import type { Node } from "@babel/types";
import { keyOf } from "./expressions.ts";
import type { Variable } from "./summary.ts";
import type { Visitors, Walk } from "./walk.ts";

/** Lets a value flow into a pattern: into the names that it binds, or the variables and members that it assigns to. */
export function assignTo(walk: Walk, target: Node, value: Variable): void {
  switch (target.type) {
    case "Identifier": {
      const binding = walk.scope.find(target.name);
      if (binding) walk.copy(value, binding.variable);
      break;
    }
    case "AssignmentPattern":
      assignTo(walk, target.left, walk.either(value, walk.visit(target.right)));
      break;
    case "ObjectPattern":
      for (const property of target.properties) {
        if (property.type === "RestElement") {
          const rest = walk.newObject().variable;
          if (value !== 0) walk.emit({ op: "spread", from: value, to: rest });
          assignTo(walk, property.argument, rest);
        } else {
          if (property.computed) walk.visit(property.key);
          assignTo(walk, property.value, walk.load(value, keyOf(walk, property.key, property.computed)));
        }
      }
      break;
    case "ArrayPattern":
      target.elements.forEach((element, i) => {
        if (element?.type === "RestElement") {
          const rest = walk.newObject().variable;
          walk.store(rest, null, walk.load(value, null));
          assignTo(walk, element.argument, rest);
        } else if (element) assignTo(walk, element, walk.load(value, String(i)));
      });
      break;
    case "RestElement":
      assignTo(walk, target.argument, value);
      break;
    case "TSParameterProperty": {
      const { parameter } = target;
      assignTo(walk, parameter, value);
      const name = parameter.type === "AssignmentPattern" ? parameter.left : parameter;
      if (name.type === "Identifier") walk.store(walk.self, name.name, walk.scope.find(name.name)?.variable ?? 0);
      break;
    }
    case "MemberExpression":
    case "OptionalMemberExpression":
      assignToMember(walk, target.object, keyOf(walk, target.property, target.computed), value, target);
      if (target.computed) walk.visit(target.property);
      break;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ParenthesizedExpression":
      assignTo(walk, target.expression, value);
      break;
  }
}

/** `object.key = value`, with CommonJS's ways to export among them. */
function assignToMember(walk: Walk, objectNode: Node, key: string | null, value: Variable, target: Node): void {
  const { exports } = walk.summary;
  const wholeModule = key === "exports" && isFree(walk, objectNode, "module");
  if (wholeModule) {
    exports.commonJs = true;
    exports.open = true;
    const own = walk.exportsObject;
    walk.store(own, "module.exports", value);
    walk.store(own, "default", value);
    if (value !== 0) walk.emit({ op: "spread", from: value, to: own });
    return;
  }
  const toExports = isFree(walk, objectNode, "exports") || isModuleExports(walk, objectNode);
  if (toExports) {
    exports.commonJs = true;
    if (key === null) exports.open = true;
    else exports.names.add(key);
    walk.store(walk.exportsObject, key, value);
    return;
  }
  const object = walk.visit(objectNode);
  walk.store(object, key, value);
  if (value !== 0) walk.summary.assignments.push({ object, from: value, within: walk.within, range: walk.range(target) });
}

function isModuleExports(walk: Walk, node: Node): boolean {
  if (node.type !== "MemberExpression" || node.computed || node.property.type !== "Identifier") return false;
  return node.property.name === "exports" && isFree(walk, node.object, "module");
}

/** A name that the file does not declare. */
export function isFree(walk: Walk, node: Node, name: string): boolean {
  return node.type === "Identifier" && node.name === name && walk.scope.find(name) === undefined;
}

export const patterns: Visitors = {
  AssignmentPattern(walk, node) {
    assignTo(walk, node, 0);
    return 0;
  },
};
