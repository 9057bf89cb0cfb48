import { isCollectionMethod } from "./collection-methods.ts";
import type { FunctionSummary } from "./summary.ts";

/** What a variable may hold. Every value has fields, found by `Solver.field`. */
export type Value =
  | { kind: "task"; name: string }
  /** `task.async`, not yet called. */
  | { kind: "async"; name: string }
  | { kind: "function"; file: number; index: number }
  | { kind: "object" }
  | { kind: "library" }
  /** Only where texts are followed: a text, the process's environment and a variable of it, by name. */
  | { kind: "text" | "variable"; name: string }
  | { kind: "environment" }
  /** The AWS SDK, what it exports by name, a Lambda client, and a method of one by name. */
  | { kind: "sdk" | "sdkMethod"; name: string }
  | { kind: "client" }
  | { kind: "factory" };

/** A call as the solver sees it; all numbers are variables of the whole app. */
interface Call {
  args: number[];
  result: number;
  construct: boolean;
}

/** What the solver asks about functions. */
export interface Functions {
  of(file: number, index: number): { summary: FunctionSummary; base: number; instance: number | undefined };
}

/**
 * Solves the constraints of all files together: an inclusion-based points-to analysis (Andersen 1994) that also decides
 * which functions a call reaches. Each variable's set only grows and each (variable, value) pair is handled once, so it
 * ends, with work cubic at worst in what flows and near linear for programs that people write.
 */
export class Solver {
  readonly values: Value[] = [];
  private readonly sets: (Set<number> | undefined)[] = [];
  private readonly copies: (number[] | undefined)[] = [];
  private readonly loads: ({ key: string | null; to: number }[] | undefined)[] = [];
  private readonly stores: ({ key: string | null; from: number }[] | undefined)[] = [];
  private readonly spreadsFrom: ({ to: number; exceptDefault: boolean }[] | undefined)[] = [];
  private readonly spreadsTo: ({ from: number; exceptDefault: boolean }[] | undefined)[] = [];
  private readonly extensions: (number[] | undefined)[] = [];
  private readonly calls: (Call[] | undefined)[] = [];
  /** Value -> key -> variable of the field. `ANY` holds what is stored under keys known only at run time. */
  private readonly fields: (Map<string, number> | undefined)[] = [];
  /** Value -> variables that receive every field. */
  private readonly anyReaders: (number[] | undefined)[] = [];
  /** Value -> objects that every field is copied to. */
  private readonly spreadReaders: (Map<number, boolean> | undefined)[] = [];
  private readonly interned = new Map<string, number>();
  private readonly pending: number[] = [];
  private variables: number;
  private readonly functions: Functions;

  constructor(variables: number, functions: Functions) {
    this.variables = variables;
    this.functions = functions;
  }

  newValue(value: Value): number {
    return this.values.push(value) - 1;
  }

  /** The same value for the same task wherever it is met. */
  valueOf(value: Exclude<Value, { kind: "function" | "object" }>): number {
    const key = "name" in value ? `${value.kind} ${value.name}` : value.kind;
    let id = this.interned.get(key);
    if (id === undefined) this.interned.set(key, (id = this.newValue(value)));
    return id;
  }

  /** Values that a variable may hold. */
  of(variable: number): ReadonlySet<number> {
    return this.sets[variable] ?? NOTHING;
  }

  add(variable: number, value: number): void {
    const set = (this.sets[variable] ??= new Set());
    if (set.has(value)) return;
    set.add(value);
    this.pending.push(variable, value);
  }

  copy(from: number, to: number): void {
    if (from === to) return;
    const copies = (this.copies[from] ??= []);
    if (copies.length < 8 && copies.includes(to)) return;
    copies.push(to);
    for (const value of this.of(from)) this.add(to, value);
  }

  load(object: number, key: string | null, to: number): void {
    (this.loads[object] ??= []).push({ key, to });
    for (const value of this.of(object)) this.loadFrom(value, key, to);
  }

  store(object: number, key: string | null, from: number): void {
    (this.stores[object] ??= []).push({ key, from });
    for (const value of this.of(object)) this.copy(from, this.field(value, key ?? ANY));
  }

  spread(from: number, to: number, exceptDefault: boolean): void {
    (this.spreadsFrom[from] ??= []).push({ to, exceptDefault });
    (this.spreadsTo[to] ??= []).push({ from, exceptDefault });
    for (const source of this.of(from)) for (const target of this.of(to)) this.spreadValue(source, target, exceptDefault);
  }

  /** Instances (a value) inherit the members of the instances of the classes in `from`. */
  extend(from: number, instance: number): void {
    (this.extensions[from] ??= []).push(instance);
    for (const value of this.of(from)) this.inherit(value, instance);
  }

  call(callee: number, call: Call): void {
    (this.calls[callee] ??= []).push(call);
    for (const value of this.of(callee)) this.enter(value, call);
  }

  /** Variable of a field; `ANY` for what may be any field. */
  field(value: number, key: string): number {
    const fields = (this.fields[value] ??= new Map());
    let variable = fields.get(key);
    if (variable !== undefined) return variable;
    variable = ++this.variables;
    fields.set(key, variable);
    if (key !== ANY && !isCollectionMethod(key)) this.copy(this.field(value, ANY), variable);
    for (const reader of this.anyReaders[value] ?? []) this.copy(variable, reader);
    for (const [target, exceptDefault] of this.spreadReaders[value] ?? []) this.spreadField(key, variable, target, exceptDefault);
    return variable;
  }

  /** Every field that a value has. */
  fieldsOf(value: number): Iterable<[string, number]> {
    return this.fields[value] ?? [];
  }

  /** Runs until nothing changes. */
  run(): void {
    while (this.pending.length > 0) {
      const value = this.pending.pop()!;
      const variable = this.pending.pop()!;
      for (const to of this.copies[variable] ?? []) this.add(to, value);
      for (const { key, to } of this.loads[variable] ?? []) this.loadFrom(value, key, to);
      for (const { key, from } of this.stores[variable] ?? []) this.copy(from, this.field(value, key ?? ANY));
      for (const { to, exceptDefault } of this.spreadsFrom[variable] ?? []) {
        for (const target of this.of(to)) this.spreadValue(value, target, exceptDefault);
      }
      for (const { from, exceptDefault } of this.spreadsTo[variable] ?? []) {
        for (const source of this.of(from)) this.spreadValue(source, value, exceptDefault);
      }
      for (const instance of this.extensions[variable] ?? []) this.inherit(value, instance);
      for (const call of this.calls[variable] ?? []) this.enter(value, call);
    }
  }

  private loadFrom(value: number, key: string | null, to: number): void {
    const loaded = this.values[value]!;
    if (loaded.kind === "task") {
      if (key === "async") this.add(to, this.valueOf({ kind: "async", name: loaded.name }));
      return;
    }
    if (loaded.kind === "sdk") {
      // The default export of one of the SDK's modules is that module's class or namespace.
      const name = key === "default" || key === "module.exports" ? loaded.name : key;
      if (name !== null) this.add(to, this.valueOf({ kind: "sdk", name }));
      return;
    }
    if (loaded.kind === "environment") {
      if (key !== null) this.add(to, this.valueOf({ kind: "variable", name: key }));
      return;
    }
    if (loaded.kind === "client") {
      if (key !== null) this.add(to, this.valueOf({ kind: "sdkMethod", name: key }));
      return;
    }
    if (loaded.kind !== "object" && loaded.kind !== "function" && loaded.kind !== "library") return;
    if (loaded.kind === "library") {
      if (key === "task") this.add(to, this.valueOf({ kind: "factory" }));
      else if (key === "default") this.add(to, value);
      return;
    }
    if (key !== null) {
      this.copy(this.field(value, key), to);
      return;
    }
    const readers = (this.anyReaders[value] ??= []);
    if (readers.includes(to)) return;
    readers.push(to);
    for (const [, variable] of this.fieldsOf(value)) this.copy(variable, to);
  }

  private spreadValue(source: number, target: number, exceptDefault: boolean): void {
    if (source === target || !this.hasFields(source) || !this.hasFields(target)) return;
    const readers = (this.spreadReaders[source] ??= new Map());
    const known = readers.get(target);
    if (known === false || known === exceptDefault) return;
    readers.set(target, exceptDefault);
    for (const [key, variable] of this.fieldsOf(source)) this.spreadField(key, variable, target, exceptDefault);
  }

  private spreadField(key: string, variable: number, target: number, exceptDefault: boolean): void {
    if (exceptDefault && key === "default") return;
    this.copy(variable, this.field(target, key));
  }

  private hasFields(value: number): boolean {
    const { kind } = this.values[value]!;
    return kind === "object" || kind === "function";
  }

  private inherit(value: number, instance: number): void {
    const parent = this.values[value]!;
    if (parent.kind !== "function") return;
    const inherited = this.functions.of(parent.file, parent.index).instance;
    if (inherited !== undefined) this.spreadValue(inherited, instance, false);
  }

  private enter(value: number, { args, result, construct }: Call): void {
    const target = this.values[value]!;
    if (target.kind === "sdk" && construct && /^(?:Lambda|LambdaClient|)$/.test(target.name) && result !== 0) {
      this.add(result, this.valueOf({ kind: "client" }));
    }
    if (target.kind !== "function") return;
    const { summary, base, instance } = this.functions.of(target.file, target.index);
    args.forEach((arg, i) => {
      const param = summary.params[i] ?? summary.rest;
      if (arg !== 0 && param !== 0) this.copy(arg, base + param);
    });
    if (result === 0) return;
    if (construct && instance !== undefined) this.add(result, instance);
    this.copy(base + summary.result, result);
  }
}

/** Not a name that source code can write as a property of its own by accident. */
export const ANY = "\0any";

const NOTHING: ReadonlySet<number> = new Set();
