import type { Diagnostic, SourceRange } from "../core/graph.ts";
import { didYouMean } from "../core/similar.ts";
import { targetsOf } from "./attribute.ts";
import type { DefinedTask } from "./attribute.ts";
import type { Program } from "./program.ts";

/** Names used twice, names that no task has, handlers that cannot be found. */
export function taskFindings(program: Program, defined: ReadonlyMap<string, DefinedTask>): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const places = new Map<string, SourceRange[]>();
  program.files.forEach((file, i) => {
    for (const { name, handler, range } of file.definitions) {
      if (handler !== undefined) {
        const { functions, tasks } = targetsOf(program, program.bases[i]! + handler);
        if (functions.length === 0 && tasks.length === 0) {
          const message = `The handler of ${name ?? "this task"} cannot be followed, so its calls are not seen: pass a function of this app.`;
          findings.push({ ...range, severity: "warning", code: "task-handler-unknown", message });
        }
        if (name !== undefined) places.set(name, [...(places.get(name) ?? []), range]);
      } else if (name !== undefined && !defined.has(name)) {
        const hint = didYouMean(name, defined.keys());
        const message = `No task of this app is named "${name}".${hint === "" ? ' Define it: task("name", handler).' : hint}`;
        findings.push({ ...range, severity: "error", code: "task-unknown", message });
      }
    }
  });
  for (const [name, ranges] of places) {
    if (ranges.length < 2) continue;
    for (const range of ranges) {
      const others = ranges.filter((other) => other !== range).map(({ file, line }) => `${file}:${line}`);
      const message = `Two tasks are named "${name}": here and at ${others.join(", ")}. Names are unique in the app: rename one.`;
      findings.push({ ...range, severity: "error", code: "task-duplicate", message });
    }
  }
  return findings;
}
