import { byName } from "../core/fusion-groups.ts";
import type { Call, CallGraph, Diagnostic, SourceRange, Task } from "../core/graph.ts";
import { attributeCalls, targetsOf } from "./attribute.ts";
import type { DefinedTask } from "./attribute.ts";
import { findEntries } from "./entries.ts";
import { callFindings } from "./findings-of-calls.ts";
import { escapeFindings } from "./findings-of-escapes.ts";
import { importFindings } from "./findings-of-imports.ts";
import { taskFindings } from "./findings-of-tasks.ts";
import { solve } from "./program.ts";
import type { Program } from "./program.ts";
import { related } from "./related.ts";
import type { DiscoveryOptions } from "./resolve-import.ts";
import type { Summary } from "./summary.ts";

/** Puts the summaries of all files together into the call graph of the app. */
export function link(summaries: Iterable<Summary>, options: DiscoveryOptions): CallGraph {
  const files = [...summaries].sort((a, b) => byName(a.file, b.file));
  const program = solve(related(files, options), options);
  const defined = definedTasks(program.files);
  const { calls, reached } = attributeCalls(program, [...defined.values()]);
  const { entries, ofCycles } = findEntries([...defined.keys()], calls);
  const { escaped, diagnostics: escapes } = escapeFindings(program);
  const exportNames = exportNamesOf(program, defined);

  const tasks = [...defined.values()].map(({ name, definition }): Task => {
    const exportName = exportNames.get(name);
    return {
      name,
      entry: entries.has(name),
      ...definition.range,
      ...(exportName === undefined ? {} : { exportName }),
      ...(escaped.has(name) ? { escapes: true } : {}),
    };
  });
  const diagnostics = [
    ...files.flatMap((file) => file.diagnostics),
    ...taskFindings(program, defined),
    ...importFindings(program),
    ...callFindings(program, defined, reached),
    ...escapes,
    ...ofCycles.map(({ entry, cycle }): Diagnostic => cycleFinding(defined.get(entry)!, cycle)),
  ];
  const order = new Map([...defined.keys()].map((name, i) => [name, i]));
  const byCaller = (a: Call, b: Call) => order.get(a.from)! - order.get(b.from)! || byPlace(a, b) || byName(a.to, b.to);
  return { tasks, calls: calls.sort(byCaller), diagnostics: distinct(diagnostics).sort(byPlace) };
}

/** Tasks by name, in order of files and places; of several definitions the first. */
function definedTasks(files: readonly Summary[]): Map<string, DefinedTask> {
  const defined = new Map<string, DefinedTask>();
  files.forEach((file, i) => {
    for (const definition of [...file.definitions].sort((a, b) => a.start - b.start)) {
      const { name, handler } = definition;
      if (name === undefined || handler === undefined || defined.has(name)) continue;
      defined.set(name, { name, file: i, definition: { ...definition, handler } });
    }
  });
  return defined;
}

/** The name under which a task's own module exports it. */
function exportNamesOf(program: Program, defined: ReadonlyMap<string, DefinedTask>): Map<string, string> {
  const names = new Map<string, string>();
  program.namespaces.forEach((namespace, file) => {
    for (const [exportName, field] of program.solver.fieldsOf(namespace)) {
      if (!program.files[file]!.exports.names.has(exportName)) continue;
      const { tasks } = targetsOf(program, field);
      const [only] = tasks;
      if (only?.kind === "sync" && tasks.length === 1 && defined.get(only.name)?.file === file && !names.has(only.name)) {
        names.set(only.name, exportName);
      }
    }
  });
  return names;
}

function cycleFinding({ definition, name }: DefinedTask, cycle: string[]): Diagnostic {
  const others = cycle.filter((task) => task !== name).join(", ");
  const message = `${name} and ${others} call each other and no other task calls them: ${name}, defined first, is taken as the entry.`;
  return { ...definition.range, severity: "information", code: "cycle-entry", message };
}

const byPlace = (a: SourceRange, b: SourceRange) => byName(a.file, b.file) || a.line - b.line || a.column - b.column;

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((d) => [`${d.file} ${d.line} ${d.column} ${d.code} ${d.message}`, d])).values()];
}
