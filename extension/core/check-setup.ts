import { indexCalls } from "./call-index.ts";
import type { CallGraph, Severity } from "./graph.ts";
import { resolveSetup } from "./fusion-groups.ts";
import { MEMORY_RANGE } from "./setup.ts";
import type { Constraints, FusionSetup, ResolvedFunction } from "./setup.ts";
import { didYouMean } from "./similar.ts";

/** Something about a setup that cannot work (error), does nothing (warning) or is worth knowing (information). */
export interface SetupFinding {
  /** Stable, documented in `docs/diagnostics.md`. */
  code: string;
  message: string;
  /** Where in `fusionize.json`, from the root of the document; `locateFindings` turns it into a range. */
  path: (string | number)[];
  severity: Severity;
}

/** Whether a setup can work for this app under these constraints. A setup without an `error` can be deployed. */
export function checkSetup(graph: CallGraph, setup: FusionSetup, constraints: Constraints = {}): SetupFinding[] {
  const functions = resolveSetup(graph, setup, constraints);
  return [
    ...unknownTasks(graph, setup, constraints),
    ...memoryFindings(functions, setup, constraints),
    ...apartFindings(functions, setup, constraints),
    ...inliningFindings(graph, functions, setup),
    ...exclusiveFindings(graph, functions, setup, constraints),
    ...unreachedFunctions(graph, functions, setup, constraints),
  ];
}

type Path = (string | number)[];

const LISTS = [
  ["inline", "sync", "synchronously"],
  ["inlineAsync", "async", "asynchronously"],
] as const;

function unknownTasks(graph: CallGraph, setup: FusionSetup, constraints: Constraints): SetupFinding[] {
  // While a source does not parse its tasks are missing: that one error is enough.
  if (graph.diagnostics.some((d) => d.code === "source-syntax")) return [];
  const known = new Set(graph.tasks.map((task) => task.name));
  const findings: SetupFinding[] = [];
  const check = (name: string, path: Path, severity: Severity) => {
    if (known.has(name)) return;
    const hint = didYouMean(name, known);
    findings.push({
      code: "setup-unknown-task",
      severity,
      path,
      message: `No task is named "${name}".${hint === "" ? " Remove the name, or define the task." : hint}`,
    });
  };
  for (const [root, f] of Object.entries(setup)) {
    check(root, ["functions", root], "error");
    for (const [list] of LISTS) f[list]?.forEach((name, i) => check(name, ["functions", root, list, i], "error"));
  }
  constraints.apart?.forEach((group, i) => group.forEach((name, j) => check(name, ["constraints", "apart", i, j], "warning")));
  for (const name of Object.keys(constraints.memory ?? {})) check(name, ["constraints", "memory", name], "warning");
  for (const list of ["exclusive", "lossTolerated"] as const) {
    constraints[list]?.forEach((name, i) => check(name, ["constraints", list, i], "warning"));
  }
  return findings;
}

function memoryFindings(functions: readonly ResolvedFunction[], setup: FusionSetup, constraints: Constraints): SetupFinding[] {
  const findings: SetupFinding[] = [];
  for (const { root, memory, tasks } of functions) {
    const path: Path = Object.hasOwn(setup, root) ? ["functions", root, "memory"] : ["functions"];
    const add = (message: string) => findings.push({ code: "setup-memory", severity: "error", path, message });
    if (!Number.isInteger(memory) || memory < MEMORY_RANGE.min || memory > MEMORY_RANGE.max) {
      add(
        `Function ${root} has ${memory} MB, and Lambda offers whole numbers from ${MEMORY_RANGE.min} to ${MEMORY_RANGE.max} MB.`,
      );
    }
    for (const task of tasks) {
      const limit = constraints.memory && Object.hasOwn(constraints.memory, task) ? constraints.memory[task]! : {};
      if (limit.min !== undefined && memory < limit.min) {
        add(
          `Function ${root} has ${memory} MB, and the constraints ask for at least ${limit.min} MB where ${task} runs: set its memory.`,
        );
      }
      if (limit.max !== undefined && memory > limit.max) {
        add(
          `Function ${root} has ${memory} MB, and the constraints allow at most ${limit.max} MB where ${task} runs: lower its memory.`,
        );
      }
    }
  }
  return findings;
}

function apartFindings(functions: readonly ResolvedFunction[], setup: FusionSetup, constraints: Constraints): SetupFinding[] {
  const findings: SetupFinding[] = [];
  for (const { root, tasks } of functions) {
    for (const group of constraints.apart ?? []) {
      const together = tasks.filter((task) => group.includes(task));
      if (together.length < 2) continue;
      const path = placeOfInlining(setup, root, together[0] === root ? together.slice(1) : together);
      const message = `The constraints keep ${listed(together)} apart, and function ${root} runs them together.`;
      findings.push({ code: "setup-apart", severity: "error", path, message });
    }
  }
  return findings;
}

function inliningFindings(graph: CallGraph, functions: readonly ResolvedFunction[], setup: FusionSetup): SetupFinding[] {
  const { tasks, calleesOf } = indexCalls(graph);
  const findings: SetupFinding[] = [];
  for (const resolved of functions) {
    const { root } = resolved;
    if (!Object.hasOwn(setup, root)) continue;
    for (const [list, kind, adverb] of LISTS) {
      const seen = new Set<string>();
      setup[root]![list]?.forEach((name, i) => {
        const path: Path = ["functions", root, list, i];
        if (seen.has(name)) {
          findings.push({
            code: "setup-inline-repeated",
            severity: "warning",
            path,
            message: `"${name}" stands in this list twice: remove one.`,
          });
        } else if (tasks.has(name) && !resolved[list].includes(name)) {
          const other = kind === "sync" ? "async" : "sync";
          const otherwise = resolved.tasks.some((task) => calleesOf(task).some((c) => c.to === name && c.kind === other));
          const hint = otherwise
            ? ` It is called ${kind === "sync" ? "asynchronously: use inlineAsync" : "synchronously: use inline"}.`
            : " Remove the name.";
          const message = `No task inside function ${root} calls ${name} ${adverb}, so inlining it changes nothing.${hint}`;
          findings.push({ code: "setup-inline-unused", severity: "warning", path, message });
        }
        seen.add(name);
      });
    }
  }
  return findings;
}

/** An exclusive task may be inlined where its calls follow one another; where they may overlap some of them go remote. */
function exclusiveFindings(
  graph: CallGraph,
  functions: readonly ResolvedFunction[],
  setup: FusionSetup,
  constraints: Constraints,
): SetupFinding[] {
  const findings: SetupFinding[] = [];
  for (const { root, inline, inlineAsync, tasks } of functions) {
    for (const name of constraints.exclusive ?? []) {
      const sites = graph.calls.filter(
        (c) => c.to === name && tasks.includes(c.from) && (c.kind === "sync" ? inline : inlineAsync).includes(name),
      );
      const why = inlineAsync.includes(name) ? "asynchronously" : sites.length > 1 ? `in ${sites.length} places` : undefined;
      if (why === undefined) continue;
      const message = `${name} is exclusive, and function ${root} inlines it though it is called ${why}: its calls may overlap.`;
      findings.push({ code: "setup-exclusive", severity: "warning", path: placeOfInlining(setup, root, [name]), message });
    }
  }
  return findings;
}

function unreachedFunctions(
  graph: CallGraph,
  functions: readonly ResolvedFunction[],
  setup: FusionSetup,
  constraints: Constraints,
): SetupFinding[] {
  const { tasks, calleesOf } = indexCalls(graph);
  const invoked = new Set(constraints.exclusive);
  for (const f of functions) {
    for (const task of f.tasks) {
      for (const { to, kind } of calleesOf(task)) if (kind === "async" || !f.inline.includes(to)) invoked.add(to);
    }
  }
  return functions
    .filter(
      ({ root }) => Object.hasOwn(setup, root) && !invoked.has(root) && !tasks.get(root)?.entry && !tasks.get(root)?.escapes,
    )
    .map(({ root }) => ({
      code: "setup-function-unreached",
      severity: "information" as const,
      path: ["functions", root],
      message: `Nothing invokes function ${root}: every call of ${root} is inlined where it is made.`,
    }));
}

/** Path of the first list element that brings one of `tasks` into the function. */
function placeOfInlining(setup: FusionSetup, root: string, tasks: readonly string[]): Path {
  const f = Object.hasOwn(setup, root) ? setup[root]! : {};
  for (const [list] of LISTS) {
    const i = f[list]?.findIndex((name) => tasks.includes(name)) ?? -1;
    if (i >= 0) return ["functions", root, list, i];
  }
  return ["functions", root];
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
