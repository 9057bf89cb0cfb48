/**
 * The call graph of an app as found in its source: tasks, calls, and what could not be understood.
 * Pure data; every part of the system speaks in these types.
 */

/** How a call is made: `sync` waits for the result, `async` waits only until the event is accepted. */
export type CallKind = "sync" | "async";

/** A place in a source file. Lines and columns count from 1; `file` is relative to the app's folder, with `/`. */
export interface SourceRange {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** The developer's smallest unit of code: `task("name", handler)`. */
export interface Task extends SourceRange {
  /** Unique in the app. */
  name: string;
  /** True when no task of the app calls it: it is invoked from outside. */
  entry: boolean;
  /** Export under which the task is reachable, when it is exported: deployers need it. */
  exportName?: string;
  /** True when its value goes where calls cannot be followed: it always keeps a function of its own. */
  escapes?: boolean;
}

/** One place in the source where a task invokes another. */
export interface Call extends SourceRange {
  from: string;
  to: string;
  kind: CallKind;
}

export type Severity = "error" | "warning" | "information";

/** A finding about the source or the setup, shown where it stands. */
export interface Diagnostic extends SourceRange {
  severity: Severity;
  /** Stable, kebab-case, documented in `docs/diagnostics.md`. */
  code: string;
  /** One sentence with the next step. */
  message: string;
}

export interface CallGraph {
  tasks: Task[];
  calls: Call[];
  diagnostics: Diagnostic[];
}
