import { isRelative, resolveImport } from "./resolve-import.ts";
import type { DiscoveryOptions } from "./resolve-import.ts";
import { Solver } from "./solver.ts";
import type { CallSite, Summary } from "./summary.ts";

/** Modules that a Lambda client comes from. What they export is followed by its name. */
const SDK = /^(?:@aws-sdk\/client-lambda|aws-sdk(?:\/clients\/lambda(?:\.js)?)?)$/;

/** All files of an app put together and solved. Variables of file `i` are those of its summary plus `bases[i]`. */
export interface Program {
  files: readonly Summary[];
  bases: readonly number[];
  solver: Solver;
  /** Value of each file's exports. */
  namespaces: readonly number[];
  /** Index of the file that a specifier means in a file. */
  moduleOf(file: number, specifier: string): number | undefined;
  isMissing(file: number, specifier: string): boolean;
  sitesOf(file: number, functionIndex: number): readonly CallSite[];
  /** Functions written directly inside a function, task handlers left out. */
  innerFunctions(file: number, functionIndex: number): readonly number[];
}

export function solve(files: readonly Summary[], options: DiscoveryOptions): Program {
  const bases: number[] = [];
  let variables = 0;
  for (const file of files) {
    bases.push(variables);
    variables += file.variables + 1;
  }
  const indexes = new Map(files.map((f, i) => [f.file, i]));
  const resolved = new Map<string, number | undefined>();
  const moduleOf = (file: number, specifier: string) => {
    const key = `${file} ${specifier}`;
    if (!resolved.has(key)) {
      const found = resolveImport(files[file]!.file, specifier, (path) => indexes.has(path), options);
      resolved.set(key, found === undefined ? undefined : indexes.get(found));
    }
    return resolved.get(key);
  };

  const instances: number[][] = [];
  const solver = new Solver(variables, {
    of(file, index) {
      const summary = files[file]!.functions[index]!;
      return {
        summary,
        base: bases[file]!,
        instance: summary.instance === undefined ? undefined : instances[file]![summary.instance]!,
      };
    },
  });
  const namespaces = files.map(() => solver.newValue({ kind: "object" }));
  for (const file of files) instances.push(Array.from({ length: file.objects }, () => solver.newValue({ kind: "object" })));

  files.forEach((file, i) => {
    const base = bases[i]!;
    for (const c of file.constraints) {
      switch (c.op) {
        case "function":
          solver.add(base + c.to, solver.newValue({ kind: "function", file: i, index: c.index }));
          break;
        case "object":
          solver.add(base + c.to, instances[i]![c.index]!);
          break;
        case "task":
          solver.add(base + c.to, solver.valueOf({ kind: "task", name: c.name }));
          break;
        case "library":
          solver.add(base + c.to, solver.valueOf({ kind: "library" }));
          break;
        case "exports":
          solver.add(base + c.to, namespaces[i]!);
          break;
        case "module": {
          const target = moduleOf(i, c.specifier);
          if (target !== undefined) solver.add(base + c.to, namespaces[target]!);
          else if (SDK.test(c.specifier)) solver.add(base + c.to, solver.valueOf({ kind: "sdk", name: "" }));
          break;
        }
        case "text":
          solver.add(base + c.to, solver.valueOf({ kind: "text", name: c.text }));
          break;
        case "environment":
          solver.add(base + c.to, solver.valueOf({ kind: "environment" }));
          break;
        case "concat":
          break;
        case "copy":
          solver.copy(base + c.from, base + c.to);
          break;
        case "load":
          solver.load(base + c.object, c.key, base + c.to);
          break;
        case "store":
          solver.store(base + c.object, c.key, base + c.from);
          break;
        case "spread":
          solver.spread(base + c.from, base + c.to, c.exceptDefault === true);
          break;
        case "extends":
          solver.extend(base + c.from, instances[i]![c.index]!);
          break;
      }
    }
    for (const { callee, args, result, construct } of file.sites) {
      if (callee === 0) continue;
      const global = (variable: number) => (variable === 0 ? 0 : base + variable);
      solver.call(base + callee, { args: args.map(global), result: global(result), construct: construct === true });
    }
    // A default import of a CommonJS module is what the module exports.
    if (file.exports.commonJs) solver.add(solver.field(namespaces[i]!, "default"), namespaces[i]!);
  });
  solver.run();

  const sites = files.map((file) => grouped(file.sites, (site) => site.within));
  const inner = files.map((file) =>
    grouped(
      file.functions.map((f, i) => ({ f, i })).filter(({ f, i }) => i > 0 && !f.handler),
      ({ f }) => f.outer,
    ),
  );
  return {
    files,
    bases,
    solver,
    namespaces,
    moduleOf,
    isMissing: (file, specifier) => isRelative(specifier) && moduleOf(file, specifier) === undefined,
    sitesOf: (file, f) => sites[file]!.get(f) ?? [],
    innerFunctions: (file, f) => (inner[file]!.get(f) ?? []).map(({ i }) => i),
  };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
