import type { Diagnostic } from "../core/graph.ts";
import { didYouMean } from "../core/similar.ts";
import type { Program } from "./program.ts";

/** Imports of files that were not given, and of names that a file does not export. */
export function importFindings(program: Program): Diagnostic[] {
  const findings: Diagnostic[] = [];
  program.files.forEach((file, i) => {
    const missing = new Set<string>();
    for (const { specifier, name, range, used } of file.imports) {
      if (program.isMissing(i, specifier)) {
        if (!used || missing.has(specifier) || !isSource(specifier)) continue;
        missing.add(specifier);
        const message = `${specifier} is not among the files that "tasks" in fusionize.json matches: calls of tasks made there are not seen.`;
        findings.push({ ...range, severity: "information", code: "import-not-found", message });
        continue;
      }
      const module = program.moduleOf(i, specifier);
      if (!used || name === undefined || module === undefined) continue;
      const exported = exportsOf(program, module);
      if (exported === undefined || exported.has(name)) continue;
      const message = `${program.files[module]!.file} exports no ${name === "default" ? "default" : `"${name}"`}.${didYouMean(name, exported)}`;
      findings.push({ ...range, severity: "error", code: "export-unknown", message });
    }
    for (const { receiver, key, range, callee } of file.sites) {
      if (!receiver || key === undefined || callee === 0 || program.solver.of(program.bases[i]! + callee).size > 0) continue;
      const values = [...program.solver.of(program.bases[i]! + receiver)];
      const module = values.length === 1 ? program.namespaces.indexOf(values[0]!) : -1;
      const exported = module < 0 ? undefined : exportsOf(program, module);
      if (exported === undefined || exported.has(key)) continue;
      const message = `${program.files[module]!.file} exports no "${key}".${didYouMean(key, exported)}`;
      findings.push({ ...range, severity: "error", code: "export-unknown", message });
    }
  });
  return findings;
}

/** Names that a file exports, those of `export *` included; undefined when they cannot all be told. */
function exportsOf(program: Program, file: number): Set<string> | undefined {
  const names = new Set<string>();
  const files = new Set([file]);
  // A set that grows while it is walked: the loop reaches what is added, and circles end by themselves.
  for (const index of files) {
    const { exports, diagnostics } = program.files[index]!;
    if (exports.open || exports.commonJs || diagnostics.some((d) => d.code.startsWith("source-"))) return undefined;
    for (const name of exports.names) if (index === file || name !== "default") names.add(name);
    for (const specifier of exports.stars) {
      const target = program.moduleOf(index, specifier);
      if (target === undefined) return undefined;
      files.add(target);
    }
  }
  return names;
}

/** Not a style sheet, an image, a JSON file: code, as far as the specifier tells. */
const isSource = (specifier: string) => {
  const extension = /\.([^./]+)$/.exec(specifier)?.[1];
  return extension === undefined || /^[cm]?[jt]sx?$/.test(extension);
};
