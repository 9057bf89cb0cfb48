/** Which texts a value may be, traced back through the code that one task reaches. */
import type { Program } from "../program.ts";
import type { CallSite, Constraint, Summary } from "../summary.ts";

/** A text that is known only at run time. */
export const UNKNOWN = Symbol("unknown");
export type Text = string | typeof UNKNOWN;

/** Names of properties on the way to the value; null = any. */
type Path = readonly (string | null)[];

export interface Caller {
  file: number;
  site: CallSite;
}

/** Function (`file index`) -> the call of it that is looked at, null where nobody calls it. */
export type Bindings = ReadonlyMap<string, Caller | null>;

/** The value depends on a parameter of a function whose call has not been chosen yet. */
export class NeedsCaller {
  readonly file: number;
  readonly index: number;
  constructor(file: number, index: number) {
    this.file = file;
    this.index = index;
  }
}

/** Combinations of parts of one text, and steps from one place to the next, that are looked at. */
const MOST = 64;
const DEEPEST = 60;

interface FileIndex {
  into: Map<number, Constraint[]>;
  storedIn: Map<number, Extract<Constraint, { op: "store" | "spread" }>[]>;
  parameter: Map<number, { index: number; position: number }>;
  results: Map<number, CallSite>;
  exported: number;
}

export class Texts {
  readonly #program: Program;
  readonly #indexes = new Map<number, FileIndex>();

  constructor(program: Program) {
    this.#program = program;
  }

  /**
   * Texts that the value of a variable, or the part of it at a path, may be. Empty where there is no such part.
   * @throws NeedsCaller
   */
  of(file: number, variable: number, path: Path, bindings: Bindings, environment: Readonly<Record<string, string>>): Set<Text> {
    // A value that depends on itself adds nothing to itself.
    const known = new Map<string, Set<Text>>();
    const walk = (i: number, v: number, at: Path, depth: number): Set<Text> => {
      const key = `${i} ${v} ${at.join("\0")}`;
      const before = known.get(key);
      if (before) return before;
      if (v === 0 || depth > DEEPEST) return new Set([UNKNOWN]);
      known.set(key, new Set());
      const found = trace(i, v, at, depth);
      known.set(key, found);
      return found;
    };
    const trace = (i: number, v: number, at: Path, depth: number): Set<Text> => {
      const index = this.#indexOf(i);
      const found = new Set<Text>();
      const addAll = (texts: Iterable<Text>): void => {
        for (const one of texts) found.add(one);
      };
      const parameter = index.parameter.get(v);
      if (parameter) {
        const name = `${i} ${parameter.index}`;
        const caller = bindings.get(name);
        if (caller === undefined) throw new NeedsCaller(i, parameter.index);
        if (caller === null) return new Set([UNKNOWN]);
        const argument = caller.site.args[parameter.position];
        if (argument !== undefined) addAll(walk(caller.file, argument, at, depth + 1));
        return found;
      }
      let defined = false;
      for (const constraint of index.into.get(v) ?? []) {
        defined = true;
        switch (constraint.op) {
          case "copy":
            addAll(walk(i, constraint.from, at, depth + 1));
            break;
          case "load":
            addAll(walk(i, constraint.object, [constraint.key, ...at], depth + 1));
            break;
          case "text":
            if (at.length === 0) found.add(constraint.text);
            break;
          case "environment": {
            const value = at.length === 1 && at[0] !== null ? environment[at[0]!] : undefined;
            if (value !== undefined) found.add(value);
            else if (at[0] === null) found.add(UNKNOWN);
            break;
          }
          case "concat":
            if (at.length === 0) addAll(this.#joined(constraint.parts, (part) => walk(i, part, [], depth + 1)));
            break;
          case "module": {
            const target = this.#program.moduleOf(i, constraint.specifier);
            if (target === undefined) found.add(UNKNOWN);
            else addAll(walk(target, this.#indexOf(target).exported, at, depth + 1));
            break;
          }
          case "object":
          case "exports":
            break;
          default:
            defined = false;
        }
      }
      for (const stored of index.storedIn.get(v) ?? []) {
        if (stored.op === "spread") addAll(walk(i, stored.from, at, depth + 1));
        else if (at.length > 0 && (stored.key === at[0] || stored.key === null || at[0] === null)) {
          addAll(walk(i, stored.from, at.slice(1), depth + 1));
        }
      }
      const site = index.results.get(v);
      if (site && site.callee !== 0) {
        defined = true;
        const callees = this.#functions(i, site.callee);
        for (const callee of callees) {
          const summary = this.#program.files[callee.file]!.functions[callee.index]!;
          // The result of a call depends on that call's arguments, whoever else calls the function.
          const inner = new Map(bindings).set(`${callee.file} ${callee.index}`, { file: i, site });
          addAll(site.construct ? [] : this.of(callee.file, summary.result, at, inner, environment));
        }
        if (callees.length === 0 && found.size === 0 && !site.construct) found.add(UNKNOWN);
      }
      if (!defined && found.size === 0) addAll(this.#solved(i, v, at, environment));
      return found;
    };
    return walk(file, variable, path, 0);
  }

  #functions(file: number, variable: number): { file: number; index: number }[] {
    const { solver, bases } = this.#program;
    return [...solver.of(bases[file]! + variable)].flatMap((id) => {
      const value = solver.values[id]!;
      return value.kind === "function" ? [{ file: value.file, index: value.index }] : [];
    });
  }

  /** What the analysis of the whole app knows, whoever calls what. */
  #solved(file: number, variable: number, path: Path, environment: Readonly<Record<string, string>>): Set<Text> {
    const { solver, bases } = this.#program;
    const found = new Set<Text>();
    const seen = new Set<string>();
    const walk = (global: number, at: Path): void => {
      const key = `${global} ${at.join("\0")}`;
      if (seen.has(key)) return;
      seen.add(key);
      for (const id of solver.of(global)) {
        const value = solver.values[id]!;
        if (value.kind === "text" && at.length === 0) found.add(value.name);
        else if (value.kind === "variable" && at.length === 0) {
          const text = environment[value.name];
          if (text !== undefined) found.add(text);
        } else if (value.kind === "object" && at.length > 0) {
          for (const [name, field] of solver.fieldsOf(id)) if (at[0] === null || name === at[0]) walk(field, at.slice(1));
        }
      }
    };
    walk(bases[file]! + variable, path);
    if (found.size === 0 && path.length === 0) found.add(UNKNOWN);
    return found;
  }

  #joined(parts: readonly (string | number)[], of: (variable: number) => Set<Text>): Text[] {
    let texts: Text[] = [""];
    for (const part of parts) {
      const options: Text[] = typeof part === "string" ? [part] : [...of(part)];
      texts = texts.flatMap((text) =>
        options.map((option) => (typeof text === "string" && typeof option === "string" ? text + option : UNKNOWN)),
      );
      if (texts.length === 0 || texts.length > MOST) return [UNKNOWN];
    }
    return texts;
  }

  #indexOf(file: number): FileIndex {
    let index = this.#indexes.get(file);
    if (!index) this.#indexes.set(file, (index = indexFile(this.#program.files[file]!)));
    return index;
  }
}

function indexFile({ constraints, functions, sites }: Summary): FileIndex {
  const index: FileIndex = { into: new Map(), storedIn: new Map(), parameter: new Map(), results: new Map(), exported: 0 };
  const push = <T>(map: Map<number, T[]>, key: number, item: T): void => {
    const list = map.get(key);
    if (list) list.push(item);
    else map.set(key, [item]);
  };
  for (const constraint of constraints) {
    if (constraint.op === "store") push(index.storedIn, constraint.object, constraint);
    else if (constraint.op === "spread") push(index.storedIn, constraint.to, constraint);
    else if ("to" in constraint) push(index.into, constraint.to, constraint);
    if (constraint.op === "exports") index.exported = constraint.to;
  }
  functions.forEach(({ params }, f) =>
    params.forEach((variable, position) => index.parameter.set(variable, { index: f, position })),
  );
  for (const site of sites) if (site.result !== 0 && !index.results.has(site.result)) index.results.set(site.result, site);
  return index;
}
