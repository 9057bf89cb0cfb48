import { resolveImport } from "./resolve-import.ts";
import type { DiscoveryOptions } from "./resolve-import.ts";
import type { Summary } from "./summary.ts";

/**
 * The files that may have to do with tasks: those that use the library, and all that import them or are imported by them,
 * over any number of steps. What else an app consists of is not ours to judge, and following its values takes time at each edit.
 */
export function related(files: readonly Summary[], options: DiscoveryOptions): Summary[] {
  const indexes = new Map(files.map((file, index) => [file.file, index]));
  const parent = files.map((_, index) => index);
  const find = (of: number): number => {
    let root = of;
    while (parent[root] !== root) root = parent[root]!;
    for (let at = of; at !== root;) [parent[at], at] = [root, parent[at]!];
    return root;
  };
  files.forEach((file, index) => {
    const specifiers = new Set([...file.imports.map(({ specifier }) => specifier), ...file.exports.stars]);
    for (const constraint of file.constraints) if (constraint.op === "module") specifiers.add(constraint.specifier);
    for (const specifier of specifiers) {
      const found = resolveImport(file.file, specifier, (path) => indexes.has(path), options);
      if (found !== undefined) parent[find(index)] = find(indexes.get(found)!);
    }
  });
  const wanted = new Set<number>();
  files.forEach((file, index) => {
    if (usesLibrary(file)) wanted.add(find(index));
  });
  return files.filter((_, index) => wanted.has(find(index)));
}

/** Source that cannot be read may hold anything. */
const usesLibrary = ({ definitions, constraints, diagnostics }: Summary): boolean =>
  definitions.length > 0 || diagnostics.length > 0 || constraints.some(({ op }) => op === "library" || op === "task");
