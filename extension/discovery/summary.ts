import type { Diagnostic, SourceRange } from "../core/graph.ts";

/**
 * What one file contributes to the analysis of the app: constraints over variables, in the manner of Andersen's
 * points-to analysis (flow- and context-insensitive). Made from the syntax tree once per version of a file; the solver
 * puts the summaries of all files together. Variables are numbered from 1 within the file; 0 = carries no task.
 */
export interface Summary {
  file: string;
  variables: number;
  constraints: Constraint[];
  functions: FunctionSummary[];
  /** Number of objects (literals, arrays, instances, module namespaces) that the file creates. */
  objects: number;
  sites: CallSite[];
  definitions: Definition[];
  imports: Import[];
  /** Names the file exports, types included; `open` when there are more than can be told (`module.exports = f()`). */
  exports: { names: Set<string>; stars: string[]; open: boolean; commonJs: boolean };
  /** Places where a value is stored into something that may be unknown. */
  assignments: { object: Variable; from: Variable; within: number; range: SourceRange }[];
  diagnostics: Diagnostic[];
}

export type Variable = number;

/** `key` null = any key. `to`, `from`, `object` are variables. */
export type Constraint =
  | { op: "function"; to: Variable; index: number }
  | { op: "object"; to: Variable; index: number }
  | { op: "task"; to: Variable; name: string }
  | { op: "library"; to: Variable }
  | { op: "module"; to: Variable; specifier: string }
  /** Only where texts are followed: a text, the process's environment, texts put together of known and other parts. */
  | { op: "text"; to: Variable; text: string }
  | { op: "environment"; to: Variable }
  | { op: "concat"; to: Variable; parts: readonly (string | Variable)[] }
  | { op: "exports"; to: Variable }
  | { op: "copy"; from: Variable; to: Variable }
  | { op: "load"; object: Variable; key: string | null; to: Variable }
  | { op: "store"; object: Variable; key: string | null; from: Variable }
  /** All fields of the objects in `from` become fields of the objects in `to`. */
  | { op: "spread"; from: Variable; to: Variable; exceptDefault?: boolean }
  /** Instances (object `index`) inherit from those of the classes in `from`. */
  | { op: "extends"; from: Variable; index: number };

/** Function 0 of a file is its top level. */
export interface FunctionSummary {
  /** Index of the function that contains it lexically; -1 for the top level. */
  outer: number;
  params: Variable[];
  /** Variable that stands for any further argument. */
  rest: Variable;
  result: Variable;
  /** Index of the object that `new` makes, for classes. */
  instance?: number;
  /** True when it is written as a task's handler: it belongs to that task, not to the function around it. */
  handler?: boolean;
}

export interface CallSite {
  callee: Variable;
  args: Variable[];
  result: Variable;
  /** Index of the function whose code this is. */
  within: number;
  range: SourceRange;
  construct?: boolean;
  /** Nobody waits for the result. */
  dropped?: boolean;
  /** Text of the callee when which task it is, is decided at run time: `tasks[name]`. */
  dynamic?: string;
  /** Object that a method is called on; arguments given to an object of the app are kept by it, not lost. */
  receiver?: Variable;
  /** Name of the method, where it is called on `receiver`. */
  key?: string;
  /** What is passed does not get lost when the callee is unknown: a method of arrays, maps, promises. */
  harmless?: boolean;
}

/** `task("name", handler)`; offsets in UTF-16 units of the file. */
export interface Definition {
  /** Undefined when the name is not a literal. */
  name: string | undefined;
  /** From the callee to the end of the name. */
  range: SourceRange;
  /** Undefined for `task("name")`, which only refers to a task. */
  handler: Variable | undefined;
  handlerRange?: SourceRange;
  within: number;
  start: number;
  end: number;
  nameStart: number;
  nameEnd: number;
  handlerStart?: number;
  handlerEnd?: number;
}

export interface Import {
  specifier: string;
  /** Undefined for whole modules. */
  name: string | undefined;
  range: SourceRange;
  /** Whether the name is used as a value in the file. */
  used: boolean;
}
