import type { Diagnostic, SourceRange } from "../core/graph.ts";
import { handedOver, targetsOf } from "./attribute.ts";
import type { Program } from "./program.ts";

/** Tasks whose value is handed to code that cannot be followed: it may call them, and such calls are not in the graph. */
export function escapeFindings(program: Program): { escaped: Set<string>; diagnostics: Diagnostic[] } {
  const escaped = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const report = (names: readonly string[], range: SourceRange, to: string) => {
    const distinct = [...new Set(names)].sort();
    if (distinct.length === 0) return;
    for (const name of distinct) escaped.add(name);
    const message = `${distinct.join(", ")} ${distinct.length > 1 ? "are" : "is"} handed to ${to} that cannot be followed: calls made there are not in the call graph.`;
    diagnostics.push({ ...range, severity: "information", code: "task-escapes", message });
  };
  program.files.forEach((file, i) => {
    const base = program.bases[i]!;
    for (const { callee, args, range, harmless, receiver } of file.sites) {
      if (harmless || args.every((arg) => arg === 0)) continue;
      const { tasks, functions, factory } =
        callee === 0 ? { tasks: [], functions: [], factory: false } : targetsOf(program, base + callee);
      if (tasks.length > 0 || functions.length > 0 || factory) continue;
      if (receiver && program.solver.of(base + receiver).size > 0) continue;
      report(
        args.flatMap((arg) => (arg === 0 ? [] : handedOver(program, base + arg).tasks.map((task) => task.name))),
        range,
        "a function",
      );
    }
    for (const { object, from, range } of file.assignments) {
      if (object !== 0 && program.solver.of(base + object).size > 0) continue;
      report(
        handedOver(program, base + from).tasks.map((task) => task.name),
        range,
        "an object",
      );
    }
  });
  return { escaped, diagnostics };
}
