import type { Node, Statement } from "@babel/types";
import type { Diagnostic, Severity, SourceRange } from "../core/graph.ts";
import { positionsOf } from "../core/positions.ts";
import type { Positions } from "../core/positions.ts";
import { blockNames, childrenOf, varNames } from "./hoist.ts";
import { Scope } from "./scope.ts";
import type { Binding } from "./scope.ts";
import type { CallSite, Constraint, FunctionSummary, Import, Summary, Variable } from "./summary.ts";

/** One kind of node: emits its constraints and gives the variable of its value, 0 for statements and plain values. */
export type Visitor<N extends Node> = (walk: Walk, node: N) => Variable;
export type Visitors = { [T in Node["type"]]?: Visitor<Extract<Node, { type: T }>> };

/** The walk over one file: where it stands, and the summary that it writes. */
export class Walk {
  readonly summary: Summary;
  readonly text: string;
  readonly bindings: Binding[] = [];
  scope: Scope = new Scope();
  /** Index of the function whose code is being walked. */
  within = 0;
  /** `this`, `super`'s class and what `export` writes to, at this place. */
  self: Variable = 0;
  parentClass: Variable = 0;
  exportsObject: Variable;
  /** Inside a callback whose promise nobody waits for. */
  droppedCallback = false;
  /** Call that a dropped chain (`call(x).catch(…)`) hangs on. */
  droppedObject: Node | undefined;
  /** Whether an imported name is used is known only at the end of the file. */
  readonly pendingImports: (Omit<Import, "used"> & { used: () => boolean })[] = [];
  /** Whether texts are followed like other values: names of functions are, where calls are made by name. */
  readonly followsTexts: boolean;
  private readonly visitors: Visitors;
  private readonly positions: Positions;
  private readonly modules = new Map<string, Variable>();

  constructor(file: string, text: string, visitors: Visitors, followsTexts: boolean) {
    this.text = text;
    this.followsTexts = followsTexts;
    this.visitors = visitors;
    this.positions = positionsOf(file, text);
    this.summary = {
      file,
      variables: 0,
      constraints: [],
      functions: [],
      objects: 0,
      sites: [],
      definitions: [],
      imports: [],
      exports: { names: new Set(), stars: [], open: false, commonJs: false },
      assignments: [],
      diagnostics: [],
    };
    this.newFunction(-1, 0);
    this.exportsObject = this.newVariable();
    this.emit({ op: "exports", to: this.exportsObject });
  }

  visit(node: Node | null | undefined): Variable {
    if (!node) return 0;
    const visitor = this.visitors[node.type] as Visitor<Node> | undefined;
    if (visitor) return visitor(this, node);
    // Types have no values; everything else is looked through for calls.
    if (node.type.startsWith("TS")) return 0;
    for (const child of childrenOf(node)) this.visit(child);
    return 0;
  }

  visitAll(nodes: readonly (Node | null | undefined)[]): void {
    for (const node of nodes) this.visit(node);
  }

  /** Walks statements in a scope of their own, with everything they declare known from the start. */
  block(statements: readonly Statement[]): void {
    this.inScope(() => {
      this.declareAll(blockNames(statements));
      this.visitAll(statements);
    });
  }

  inScope(walk: () => void): void {
    const outer = this.scope;
    this.scope = new Scope(outer);
    walk();
    this.scope = outer;
  }

  /** Declares what a function's body (or the top level) hoists. */
  declareHoisted(body: Node): void {
    this.declareAll(varNames(body));
  }

  declareAll(names: readonly string[]): void {
    for (const name of names) this.declare(name);
  }

  declare(name: string): Binding {
    const known = this.summary.variables;
    const binding = this.scope.declare(name, () => this.newVariable());
    if (this.summary.variables > known) this.bindings.push(binding);
    return binding;
  }

  newVariable(): Variable {
    return ++this.summary.variables;
  }

  newFunction(outer: number, params: number): { index: number; summary: FunctionSummary } {
    const summary: FunctionSummary = {
      outer,
      params: Array.from({ length: params }, () => this.newVariable()),
      rest: 0,
      result: this.newVariable(),
    };
    return { index: this.summary.functions.push(summary) - 1, summary };
  }

  newObject(): { index: number; variable: Variable } {
    const index = this.summary.objects++;
    const variable = this.newVariable();
    this.emit({ op: "object", to: variable, index });
    return { index, variable };
  }

  emit(constraint: Constraint): void {
    this.summary.constraints.push(constraint);
  }

  copy(from: Variable, to: Variable): void {
    if (from !== 0 && to !== 0 && from !== to) this.emit({ op: "copy", from, to });
  }

  load(object: Variable, key: string | null): Variable {
    if (object === 0) return 0;
    const to = this.newVariable();
    this.emit({ op: "load", object, key, to });
    return to;
  }

  store(object: Variable, key: string | null, from: Variable): void {
    if (object !== 0 && from !== 0) this.emit({ op: "store", object, key, from });
  }

  /** A text as a value. */
  textValue(text: string): Variable {
    const to = this.newVariable();
    this.emit({ op: "text", to, text });
    return to;
  }

  /** A value that is one of several. */
  either(...variables: Variable[]): Variable {
    const some = variables.filter((v) => v !== 0);
    if (some.length < 2) return some[0] ?? 0;
    const to = this.newVariable();
    for (const from of some) this.copy(from, to);
    return to;
  }

  /** The namespace object of a module that is imported. */
  module(specifier: string): Variable {
    let variable = this.modules.get(specifier);
    if (variable === undefined) {
      this.modules.set(specifier, (variable = this.newVariable()));
      this.emit(specifier === LIBRARY ? { op: "library", to: variable } : { op: "module", to: variable, specifier });
    }
    return variable;
  }

  site(site: Omit<CallSite, "within">): number {
    return this.summary.sites.push({ ...site, within: this.within }) - 1;
  }

  range(node: { start?: number | null; end?: number | null }): SourceRange {
    return this.positions.range(node.start ?? 0, node.end ?? 0);
  }

  textOf(node: Node): string {
    const text = this.text.slice(node.start ?? 0, node.end ?? 0).replace(/\s+/g, " ");
    return text.length > 60 ? `${text.slice(0, 57)}…` : text;
  }

  report(severity: Severity, code: string, message: string, node: Node): void {
    const diagnostic: Diagnostic = { ...this.range(node), severity, code, message };
    this.summary.diagnostics.push(diagnostic);
  }
}

/** The package that `task` comes from. */
export const LIBRARY = "fusionize";
