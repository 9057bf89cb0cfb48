import type { ImportDeclaration, Node } from "@babel/types";
import { constantText } from "./expressions.ts";
import { patternNames } from "./hoist.ts";
import type { Variable } from "./summary.ts";
import { libraryExport } from "./task-definition.ts";
import { LIBRARY } from "./walk.ts";
import type { Visitors, Walk } from "./walk.ts";

const nameOf = (node: { type: "Identifier"; name: string } | { type: "StringLiteral"; value: string }): string =>
  node.type === "Identifier" ? node.name : node.value;

/** Imports and exports. */
export const modules: Visitors = {
  ImportDeclaration(walk, node) {
    if (node.importKind === "type" || node.importKind === "typeof") return 0;
    importNames(walk, node);
    return 0;
  },
  ExportNamedDeclaration(walk, { source, specifiers, declaration, exportKind }) {
    const { names } = walk.summary.exports;
    if (declaration) {
      walk.visit(declaration);
      const declared =
        declaration.type === "VariableDeclaration"
          ? declaration.declarations.flatMap(({ id }) => patternNames(id))
          : "id" in declaration
            ? patternNames(declaration.id)
            : [];
      for (const name of declared) {
        names.add(name);
        walk.store(walk.exportsObject, name, walk.scope.find(name)?.variable ?? 0);
      }
      return 0;
    }
    for (const specifier of specifiers) {
      const exported = nameOf(specifier.exported);
      names.add(exported);
      if (exportKind === "type") continue;
      if (specifier.type === "ExportSpecifier") {
        if (specifier.exportKind === "type") continue;
        const local = specifier.local.name;
        if (source) {
          // An import in passing: checked like one, so that a name that is not there is reported here.
          noteImport(walk, source.value, local, specifier);
          walk.store(walk.exportsObject, exported, walk.load(walk.module(source.value), local));
        } else walk.store(walk.exportsObject, exported, walk.visit(specifier.local));
      } else if (specifier.type === "ExportNamespaceSpecifier" && source) {
        noteImport(walk, source.value, undefined, specifier);
        walk.store(walk.exportsObject, exported, walk.module(source.value));
      }
    }
    return 0;
  },
  ExportAllDeclaration(walk, { source, exportKind }) {
    if (exportKind === "type") return 0;
    noteImport(walk, source.value, undefined, source);
    walk.summary.exports.stars.push(source.value);
    walk.emit({ op: "spread", from: walk.module(source.value), to: walk.exportsObject, exceptDefault: true });
    return 0;
  },
  ExportDefaultDeclaration(walk, { declaration }) {
    walk.summary.exports.names.add("default");
    walk.store(walk.exportsObject, "default", walk.visit(declaration));
    return 0;
  },
  TSExportAssignment(walk, { expression }) {
    Object.assign(walk.summary.exports, { commonJs: true, open: true });
    const value = walk.visit(expression);
    walk.store(walk.exportsObject, "module.exports", value);
    walk.store(walk.exportsObject, "default", value);
    if (value !== 0) walk.emit({ op: "spread", from: value, to: walk.exportsObject });
    return 0;
  },
  TSImportEqualsDeclaration(walk, { id, moduleReference }) {
    const binding = walk.scope.find(id.name);
    if (!binding) return 0;
    if (moduleReference.type === "TSExternalModuleReference") {
      if (moduleReference.expression.value === LIBRARY) binding.library = "namespace";
      walk.copy(moduleFunction(walk, moduleReference.expression, true), binding.variable);
    } else if (moduleReference.type === "Identifier") walk.copy(walk.visit(moduleReference), binding.variable);
    return 0;
  },
};

function importNames(walk: Walk, { source, specifiers }: ImportDeclaration): void {
  const module = walk.module(source.value);
  if (specifiers.length === 0) noteImport(walk, source.value, undefined, source);
  for (const specifier of specifiers) {
    const binding = walk.scope.find(specifier.local.name);
    if (!binding) continue;
    if (specifier.type === "ImportNamespaceSpecifier") {
      walk.copy(module, binding.variable);
      if (source.value === LIBRARY) binding.library = "namespace";
      noteImport(walk, source.value, undefined, specifier, () => binding.reads > 0);
      continue;
    }
    if (specifier.type === "ImportSpecifier" && (specifier.importKind === "type" || specifier.importKind === "typeof")) continue;
    const name = specifier.type === "ImportSpecifier" ? nameOf(specifier.imported) : "default";
    walk.copy(walk.load(module, name), binding.variable);
    if (source.value === LIBRARY) binding.library = libraryExport(name);
    noteImport(walk, source.value, name, specifier, () => binding.reads > 0);
  }
}

function noteImport(walk: Walk, specifier: string, name: string | undefined, node: Node, used: () => boolean = () => true): void {
  walk.pendingImports.push({ specifier, name, range: walk.range(node), used });
}

/** `import("./x")`, `require("./x")`: the module's namespace, in CommonJS also what is assigned to `module.exports`. */
export function moduleFunction(walk: Walk, source: Node | undefined, commonJs = false): Variable {
  const specifier = source && constantText(walk, source);
  if (specifier === undefined || !source) {
    walk.visit(source);
    return 0;
  }
  noteImport(walk, specifier, undefined, source);
  const module = walk.module(specifier);
  return commonJs ? walk.either(module, walk.load(module, "module.exports")) : module;
}
