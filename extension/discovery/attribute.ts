import type { Call, CallKind } from "../core/graph.ts";
import type { Program } from "./program.ts";
import type { CallSite, Definition } from "./summary.ts";

export interface DefinedTask {
  name: string;
  file: number;
  definition: Definition & { handler: number };
}

/** What a call site may call. */
export interface Targets {
  tasks: { name: string; kind: CallKind }[];
  functions: { file: number; index: number }[];
  /** The library's `task`, reached in a way that only the whole app shows. */
  factory: boolean;
}

export function targetsOf(program: Program, variable: number): Targets {
  const targets: Targets = { tasks: [], functions: [], factory: false };
  for (const id of program.solver.of(variable)) {
    const value = program.solver.values[id]!;
    if (value.kind === "task") targets.tasks.push({ name: value.name, kind: "sync" });
    else if (value.kind === "async") targets.tasks.push({ name: value.name, kind: "async" });
    else if (value.kind === "function") targets.functions.push(value);
    else if (value.kind === "factory") targets.factory = true;
  }
  return targets;
}

/** Values that an argument hands over: its own, and those one level inside the objects that it is. */
export function handedOver(program: Program, variable: number): Targets {
  const all = targetsOf(program, variable);
  for (const id of program.solver.of(variable)) {
    if (program.solver.values[id]!.kind !== "object") continue;
    for (const [, field] of program.solver.fieldsOf(id)) {
      const inside = targetsOf(program, field);
      all.tasks.push(...inside.tasks);
      all.functions.push(...inside.functions);
    }
  }
  return all;
}

/**
 * Whose code a call is: a call belongs to every task from whose handler its function is reached, by calls, by being
 * written inside a reached function, or by being handed to a callee that nothing is known of (which may call it).
 */
export function attributeCalls(program: Program, tasks: readonly DefinedTask[]): { calls: Call[]; reached: Set<CallSite> } {
  const known = new Set(tasks.map((task) => task.name));
  const reached = new Set<CallSite>();
  const calls: Call[] = [];
  const effects = new Map<CallSite, Effect>();
  const effectOf = (file: number, site: CallSite) => {
    let effect = effects.get(site);
    if (!effect) effects.set(site, (effect = effectOfSite(program, file, site)));
    return effect;
  };
  for (const task of tasks) {
    const seen = new Set<string>();
    const own = new Map<string, Call>();
    const work = [...targetsOf(program, program.bases[task.file]! + task.definition.handler).functions];
    const range = task.definition.handlerRange ?? task.definition.range;
    for (const { name, kind } of targetsOf(program, program.bases[task.file]! + task.definition.handler).tasks) {
      if (known.has(name)) own.set(`${name} ${kind}`, { ...range, from: task.name, to: name, kind });
    }
    for (let f = work.pop(); f; f = work.pop()) {
      const key = `${f.file} ${f.index}`;
      if (seen.has(key)) continue;
      seen.add(key);
      for (const index of program.innerFunctions(f.file, f.index)) work.push({ file: f.file, index });
      for (const site of program.sitesOf(f.file, f.index)) {
        const effect = effectOf(f.file, site);
        work.push(...effect.functions);
        if (effect.tasks.length === 0) continue;
        reached.add(site);
        const { file, line, column, endLine, endColumn } = site.range;
        for (const { name, kind } of effect.tasks) {
          if (!known.has(name)) continue;
          own.set(`${name} ${kind} ${file} ${line} ${column}`, {
            from: task.name,
            to: name,
            kind,
            file,
            line,
            column,
            endLine,
            endColumn,
          });
        }
      }
    }
    calls.push(...own.values());
  }
  return { calls, reached };
}

interface Effect {
  tasks: Targets["tasks"];
  functions: Targets["functions"];
}

function effectOfSite(program: Program, file: number, site: CallSite): Effect {
  const base = program.bases[file]!;
  const { tasks, functions } = site.callee === 0 ? { tasks: [], functions: [] } : targetsOf(program, base + site.callee);
  if (tasks.length > 0 || functions.length > 0) return { tasks, functions };
  return { tasks, functions: site.args.flatMap((arg) => (arg === 0 ? [] : handedOver(program, base + arg).functions)) };
}
