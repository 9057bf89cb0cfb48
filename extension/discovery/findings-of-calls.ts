import type { Diagnostic, Severity } from "../core/graph.ts";
import { targetsOf } from "./attribute.ts";
import type { DefinedTask } from "./attribute.ts";
import type { Program } from "./program.ts";
import type { CallSite } from "./summary.ts";

/** Longer lists of tasks are cut in messages. */
const SHOWN = 5;

/** Calls whose callee is chosen at run time, that nobody waits for, or that no task makes. */
export function callFindings(
  program: Program,
  defined: ReadonlyMap<string, DefinedTask>,
  reached: ReadonlySet<CallSite>,
): Diagnostic[] {
  const findings: Diagnostic[] = [];
  program.files.forEach((file, i) => {
    for (const site of file.sites) {
      if (site.callee === 0) continue;
      const { tasks, functions, factory } = targetsOf(program, program.bases[i]! + site.callee);
      const report = (severity: Severity, code: string, message: string) =>
        findings.push({ ...site.range, severity, code, message });
      if (factory && functions.length === 0) {
        report(
          "error",
          "task-not-imported",
          'This is the library\'s task function under another name: import { task } from "fusionize" in this file, so that it can be bundled.',
        );
      }
      const names = [...new Set(tasks.map((task) => task.name).filter((name) => defined.has(name)))].sort();
      if (names.length === 0) continue;
      const shown =
        names.length > SHOWN ? `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more` : names.join(", ");
      if (site.dynamic !== undefined) {
        const message = `Which task ${site.dynamic} is, is decided at run time: drawn as a call of each that it can be (${shown}). Call tasks by name to see the real calls.`;
        report("warning", "callee-not-static", message);
      }
      if (site.dropped) {
        const until = tasks.every((task) => task.kind === "async") ? "the event is accepted" : "the result is there";
        report(
          "warning",
          "call-not-awaited",
          `Nothing waits until ${until}: the function may end before the call of ${shown} is made. Await it, or return it.`,
        );
      }
      if (!reached.has(site)) {
        report("information", "call-outside-task", `No task reaches this call of ${shown}, so it is not part of the call graph.`);
      }
    }
  });
  return findings;
}
