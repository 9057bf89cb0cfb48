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
  /** True when it is invoked from outside: no task of the app calls it, or the template has events for it. */
  entry: boolean;
  /** Export under which the task is reachable, when it is exported: deployers need it. */
  exportName?: string;
  /** True when its value goes where calls cannot be followed: it always keeps a function of its own. */
  escapes?: boolean;
  /** What the template says of it, when it is an existing Lambda function and not a `task(…)`. */
  lambda?: LambdaFunction;
}

/** An existing Lambda function, as a template declares it. */
export interface LambdaFunction {
  /** Module with the handler, relative to the app's folder with `/`, and the export: `handler`, or a path `api.get`. */
  module: string;
  handler: string;
  /**
   * `${fn:Task}` stands for the name of a task's function, `${AWS::Region}` and other names of CloudFormation for what
   * only a deployment knows.
   */
  environment: Record<string, string>;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memory: number;
  runtime: string;
  /** Names under which code may invoke it beside that of its own function; may hold the same placeholders. */
  names: string[];
  /** What invokes it from outside, for people: `GET /orders`, `rate(1 hour)`. */
  events: string[];
  /** Why its asynchronous calls must never run inline. */
  remoteOnly?: string;
  /** Where the template declares it. */
  declared: SourceRange;
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
  /** Tasks of which what the template says cannot be true of one function. */
  apart?: { tasks: [string, string]; reason: string }[];
}
