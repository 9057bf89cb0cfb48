import type { Expression, MemberExpression, Node, OptionalMemberExpression, PrivateName } from "@babel/types";
import { assignTo, isFree } from "./patterns.ts";
import type { Visitors, Walk } from "./walk.ts";
import type { Variable } from "./summary.ts";

/** Values: names, members, literals of objects and arrays, choices, assignments. Calls and functions stand apart. */
export const expressions: Visitors = {
  Identifier(walk, { name }) {
    const binding = walk.scope.find(name);
    if (!binding) return 0;
    binding.reads++;
    return binding.variable;
  },
  ThisExpression: (walk) => walk.self,
  Super: (walk) => walk.self,
  StringLiteral: (walk, { value }) => (walk.followsTexts ? walk.textValue(value) : 0),
  TemplateLiteral(walk, { quasis, expressions: inserted }) {
    if (!walk.followsTexts) {
      walk.visitAll(inserted);
      return 0;
    }
    return joined(
      walk,
      quasis.flatMap(({ value }, i) => [value.cooked ?? "", ...(inserted[i] ? [walk.visit(inserted[i])] : [])]),
    );
  },
  NumericLiteral: () => 0,
  TemplateElement: () => 0,

  MemberExpression: (walk, node) => member(walk, node).value,
  OptionalMemberExpression: (walk, node) => member(walk, node).value,

  ObjectExpression(walk, node) {
    const object = walk.newObject().variable;
    const outer = walk.self;
    for (const property of node.properties) {
      if (property.type === "SpreadElement") {
        const from = walk.visit(property.argument);
        if (from !== 0) walk.emit({ op: "spread", from, to: object });
        continue;
      }
      const key = keyOf(walk, property.key, property.computed);
      if (property.computed) walk.visit(property.key);
      walk.self = object;
      const value = walk.visit(property.type === "ObjectMethod" ? property : property.value);
      walk.self = outer;
      if (property.type === "ObjectMethod" && property.kind !== "method") accessor(walk, object, key, property.kind, value);
      else walk.store(object, key, value);
    }
    return object;
  },
  ArrayExpression(walk, { elements }) {
    const array = walk.newObject().variable;
    let index: number | null = 0;
    for (const element of elements) {
      if (element?.type === "SpreadElement") {
        walk.store(array, null, walk.load(walk.visit(element.argument), null));
        index = null;
        continue;
      }
      walk.store(array, index === null ? null : String(index++), walk.visit(element));
    }
    return array;
  },

  AwaitExpression: (walk, { argument }) => walk.visit(argument),
  ParenthesizedExpression: (walk, { expression }) => walk.visit(expression),
  TSAsExpression: (walk, { expression }) => walk.visit(expression),
  TSSatisfiesExpression: (walk, { expression }) => walk.visit(expression),
  TSNonNullExpression: (walk, { expression }) => walk.visit(expression),
  TSTypeAssertion: (walk, { expression }) => walk.visit(expression),
  TSInstantiationExpression: (walk, { expression }) => walk.visit(expression),

  ConditionalExpression(walk, { test, consequent, alternate }) {
    walk.visit(test);
    return walk.either(walk.visit(consequent), walk.visit(alternate));
  },
  LogicalExpression: (walk, { left, right }) => walk.either(walk.visit(left), walk.visit(right)),
  BinaryExpression(walk, node) {
    if (walk.followsTexts && node.operator === "+" && node.left.type !== "PrivateName") return sum(walk, node.left, node.right);
    // A chain like "a" + b + "c" + … nests to the left: walked in a loop, because it may be thousands long.
    let left: Expression | PrivateName = node;
    while (left.type === "BinaryExpression") {
      walk.visit(left.right);
      left = left.left;
    }
    if (left.type !== "PrivateName") walk.visit(left);
    return 0;
  },
  SequenceExpression(walk, { expressions: all }) {
    let last = 0;
    for (const expression of all) last = walk.visit(expression);
    return last;
  },
  AssignmentExpression(walk, { left, right, operator }) {
    const value = walk.visit(right);
    if (operator === "=" || operator === "||=" || operator === "&&=" || operator === "??=") assignTo(walk, left, value);
    else walk.visit(left);
    return value;
  },
  YieldExpression(walk, { argument, delegate }) {
    // What a generator gives is read from its result like an array's elements.
    const value = walk.visit(argument);
    const result = walk.summary.functions[walk.within]!.result;
    if (delegate) walk.copy(value, result);
    else if (value !== 0) {
      const yielded = walk.newObject().variable;
      walk.store(yielded, null, value);
      walk.copy(yielded, result);
    }
    return 0;
  },
};

function joined(walk: Walk, parts: (string | Variable)[]): Variable {
  if (parts.every((part) => typeof part === "string")) return walk.textValue(parts.join(""));
  const to = walk.newVariable();
  walk.emit({ op: "concat", to, parts });
  return to;
}

/** `a + b + c`: parts of a text, if it is one. In a loop, because such chains may be thousands long. */
function sum(walk: Walk, left: Expression, right: Expression): Variable {
  const parts = [right];
  let rest = left;
  for (; rest.type === "BinaryExpression" && rest.operator === "+" && rest.left.type !== "PrivateName"; rest = rest.left) {
    parts.unshift(rest.right);
  }
  return joined(
    walk,
    [rest, ...parts].map((part) => (part.type === "StringLiteral" ? part.value : walk.visit(part))),
  );
}

/** A member's object and value; both variables. */
export function member(
  walk: Walk,
  node: MemberExpression | OptionalMemberExpression,
): { object: Variable; value: Variable; key: string | null } {
  const object = walk.visit(node.object);
  const key = keyOf(walk, node.property, node.computed);
  if (node.computed) walk.visit(node.property);
  if (walk.followsTexts && key === "env" && isFree(walk, node.object, "process")) {
    const value = walk.newVariable();
    walk.emit({ op: "environment", to: value });
    return { object, key, value };
  }
  return { object, key, value: walk.load(object, key) };
}

/** Name of a property; null when it is known only at run time. */
export function keyOf(walk: Walk, key: Node, computed: boolean): string | null {
  if (!computed) {
    if (key.type === "Identifier") return key.name;
    if (key.type === "PrivateName") return `#${key.id.name}`;
  }
  if (key.type === "StringLiteral") return key.value;
  if (key.type === "NumericLiteral") return String(key.value);
  return constantText(walk, key) ?? null;
}

/** The string that an expression is known to be, within this file. */
export function constantText(walk: Walk, node: Node): string | undefined {
  switch (node.type) {
    case "StringLiteral":
      return node.value;
    case "TemplateLiteral":
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
    case "Identifier":
      return walk.scope.find(node.name)?.text;
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
    case "TSNonNullExpression":
    case "ParenthesizedExpression":
      return constantText(walk, node.expression);
    default:
      return undefined;
  }
}

/** The expression without casts and parentheses. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (
    inner.type === "TSAsExpression" ||
    inner.type === "TSSatisfiesExpression" ||
    inner.type === "TSTypeAssertion" ||
    inner.type === "TSNonNullExpression" ||
    inner.type === "TSInstantiationExpression" ||
    inner.type === "ParenthesizedExpression"
  ) {
    inner = inner.expression;
  }
  return inner;
}

/** A getter is called where the property is read: its result stands for the property. */
export function accessor(walk: Walk, object: Variable, key: string | null, kind: string, accessorFunction: Variable): void {
  if (kind !== "get") return;
  const result = walk.newVariable();
  walk.site({ callee: accessorFunction, args: [], result, range: walk.range({ start: 0, end: 0 }), harmless: true });
  walk.store(object, key, result);
}
