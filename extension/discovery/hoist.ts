import type { Node, Statement } from "@babel/types";

/** Names that a pattern binds: `a`, `{ a, b: [c] = [] }`, `...rest`. */
export function patternNames(pattern: Node | null | undefined, names: string[] = []): string[] {
  switch (pattern?.type) {
    case "Identifier":
      names.push(pattern.name);
      break;
    case "AssignmentPattern":
      patternNames(pattern.left, names);
      break;
    case "RestElement":
      patternNames(pattern.argument, names);
      break;
    case "TSParameterProperty":
      patternNames(pattern.parameter, names);
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) patternNames(element, names);
      break;
    case "ObjectPattern":
      for (const property of pattern.properties) patternNames(property.type === "RestElement" ? property : property.value, names);
      break;
  }
  return names;
}

/** Names that a block declares for itself: `let`, `const`, `using`, functions, classes, imports, enums, namespaces. */
export function blockNames(statements: readonly Statement[]): string[] {
  const names: string[] = [];
  for (const statement of statements) {
    const declaration =
      (statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration") && statement.declaration
        ? statement.declaration
        : statement;
    switch (declaration.type) {
      case "VariableDeclaration":
        if (declaration.kind !== "var") for (const { id } of declaration.declarations) patternNames(id, names);
        break;
      case "FunctionDeclaration":
      case "ClassDeclaration":
      case "TSDeclareFunction":
      case "TSEnumDeclaration":
      case "TSModuleDeclaration":
      case "TSImportEqualsDeclaration":
        patternNames(declaration.id, names);
        break;
      case "ImportDeclaration":
        for (const specifier of declaration.specifiers) names.push(specifier.local.name);
        break;
    }
  }
  return names;
}

/** Names of all `var` declarations of a function (or of the top level), however deep in blocks. */
export function varNames(body: Node): string[] {
  const names: string[] = [];
  const visit = (node: Node) => {
    if (node.type === "VariableDeclaration" && node.kind === "var")
      for (const { id } of node.declarations) patternNames(id, names);
    for (const child of childrenOf(node)) if (!/Function|Method|^Class|Expression$|^TS/.test(child.type)) visit(child);
  };
  visit(body);
  return names;
}

const SKIPPED = new Set([
  "loc",
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "returnType",
  "superTypeParameters",
  "implements",
  "extra",
]);

/** The parts of a node in source order, types left out. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const key in node) {
    if (SKIPPED.has(key)) continue;
    const value = (node as unknown as Record<string, unknown>)[key];
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) children.push(item);
    } else if (isNode(value)) children.push(value);
  }
  return children;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
