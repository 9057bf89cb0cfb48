import type { Node } from "@babel/types";
import { constantText, unwrap } from "./expressions.ts";
import { patternNames } from "./hoist.ts";
import { assignTo } from "./patterns.ts";
import { libraryExport, libraryPart } from "./task-definition.ts";
import type { Visitors, Walk } from "./walk.ts";

/** Statements that declare names or open a scope; the others are looked through by the walk itself. */
export const statements: Visitors = {
  Program(walk, node) {
    walk.declareHoisted(node);
    walk.block(node.body);
    return 0;
  },
  BlockStatement(walk, { body }) {
    walk.block(body);
    return 0;
  },
  StaticBlock(walk, { body }) {
    walk.block(body);
    return 0;
  },
  VariableDeclaration(walk, node) {
    if (node.declare) return 0;
    const constant = node.kind !== "var" && node.kind !== "let";
    for (const { id, init } of node.declarations) {
      if (init && constant) recogniseConstant(walk, id, init);
      const firstSite = walk.summary.sites.length;
      const value = walk.visit(init);
      assignTo(walk, id, value);
      const inner = init && unwrap(init);
      if (id.type === "Identifier" && (inner?.type === "CallExpression" || inner?.type === "OptionalCallExpression")) {
        const binding = walk.scope.find(id.name);
        const range = walk.range(inner);
        const isCall = (index: number) => {
          const site = walk.summary.sites[index]!;
          return site.range.line === range.line && site.range.column === range.column && site.range.endColumn === range.endColumn;
        };
        const indexes = walk.summary.sites
          .map((_, i) => i)
          .slice(firstSite)
          .filter(isCall);
        if (binding && indexes.length > 0) binding.sites = indexes;
      }
    }
    return 0;
  },
  SwitchStatement(walk, { discriminant, cases }) {
    walk.visit(discriminant);
    walk.block(cases.flatMap((c) => c.consequent));
    for (const { test } of cases) walk.visit(test);
    return 0;
  },
  ForStatement(walk, { init, test, update, body }) {
    walk.inScope(() => {
      if (init?.type === "VariableDeclaration") walk.declareAll(init.declarations.flatMap(({ id }) => patternNames(id)));
      walk.visitAll([init, test, update, body]);
    });
    return 0;
  },
  ForInStatement(walk, { left, right, body }) {
    walk.inScope(() => {
      if (left.type === "VariableDeclaration") walk.declareAll(left.declarations.flatMap(({ id }) => patternNames(id)));
      walk.visit(right);
      walk.visit(body);
    });
    return 0;
  },
  ForOfStatement(walk, { left, right, body }) {
    walk.inScope(() => {
      const element = walk.load(walk.visit(right), null);
      if (left.type === "VariableDeclaration") {
        walk.declareAll(left.declarations.flatMap(({ id }) => patternNames(id)));
        for (const { id } of left.declarations) assignTo(walk, id, element);
      } else assignTo(walk, left, element);
      walk.visit(body);
    });
    return 0;
  },
  CatchClause(walk, { param, body }) {
    walk.inScope(() => {
      walk.declareAll(patternNames(param));
      walk.visit(body);
    });
    return 0;
  },
  LabeledStatement(walk, { body }) {
    walk.visit(body);
    return 0;
  },
  BreakStatement: () => 0,
  ContinueStatement: () => 0,
  TSModuleDeclaration(walk, { id, body }) {
    if (id.type !== "Identifier" || body.type !== "TSModuleBlock") return 0;
    const outer = walk.exportsObject;
    const { exports } = walk.summary;
    const namespace = walk.newObject().variable;
    walk.copy(namespace, walk.scope.find(id.name)?.variable ?? 0);
    walk.exportsObject = namespace;
    walk.summary.exports = { names: new Set(), stars: [], open: false, commonJs: false };
    walk.block(body.body);
    walk.summary.exports = exports;
    walk.exportsObject = outer;
    return 0;
  },
};

/** A constant that is another name for `task`, for the library, or for a string. */
function recogniseConstant(walk: Walk, id: Node, init: Node): void {
  if (id.type === "Identifier") {
    const binding = walk.scope.find(id.name);
    if (!binding) return;
    binding.library = libraryPart(walk, init);
    binding.text = constantText(walk, init);
  } else if (id.type === "ObjectPattern" && libraryPart(walk, init) === "namespace") {
    for (const property of id.properties) {
      if (property.type === "RestElement" || property.computed) continue;
      const value = property.value.type === "AssignmentPattern" ? property.value.left : property.value;
      const key =
        property.key.type === "Identifier"
          ? property.key.name
          : property.key.type === "StringLiteral"
            ? property.key.value
            : undefined;
      const binding = value.type === "Identifier" ? walk.scope.find(value.name) : undefined;
      if (binding) binding.library = libraryExport(key);
    }
  }
}
