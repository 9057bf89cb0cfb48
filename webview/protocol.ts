/**
 * The contract between the panel (plain browser page) and the extension host. Both sides validate what they receive
 * (`validateFromWebview` / `validateToWebview`); messages are JSON values. The host sends whole states with a rising
 * `revision`; the page keeps its own view state (viewport, selection, mode) and hands it over for the next restart.
 */
import type { CallKind } from "../extension/core/graph.ts";

export interface TaskView {
  name: string;
  file: string;
  line: number;
  entry: boolean;
  /** Means per run, absent while unmeasured. */
  ownCpuMs?: number;
  ownWaitMs?: number;
  p50Ms?: number;
  p95Ms?: number;
  runsPerRequest?: number;
  errors?: number;
  samples?: number;
  /** What the setup's constraints say about this task, in words: `never together with payment`, `at least 1024 MB`. */
  constraints?: string[];
}

/** One call site. Numbers are those of the pair (`from`, `to`, `kind`): the same at each of its sites. */
export interface CallView {
  from: string;
  to: string;
  kind: CallKind;
  file: string;
  line: number;
  /** Calls per root request. */
  perRequest?: number;
  /** ms that a remote call costs beyond the callee's own time. */
  hopMs?: number;
  /** US dollars per million requests that the caller pays for waiting: what fusion removes. */
  doubleBilledPerMillion?: number;
  /**
   * Source and measurement need not agree: `unseen` = in the source, never made in what was measured; `observed` = made, but not to
   * be found in the source, as its callee is worked out at run time (`file` and `line` are then the caller's).
   */
  evidence?: "unseen" | "observed";
}

export interface FunctionView {
  root: string;
  memory: number;
  /** Root first. */
  tasks: string[];
  inline: string[];
  inlineAsync: string[];
  p50Ms?: number;
  costPerMillion?: number;
  /** Share of the whole request's cost, 0 to 1. */
  costShare?: number;
  /** Cold starts per invocation, 0 to 1. */
  coldShare?: number;
  /** Running instances now, and how many of them are busy. */
  instances?: number;
  busy?: number;
}

export interface SetupView {
  id: string;
  /** `(A,B)-(C)` */
  notation: string;
  functions: FunctionView[];
  latencyP50Ms?: number;
  costPerMillion?: number;
}

export interface SuggestionView {
  setup: SetupView;
  /** One sentence: what changes. */
  title: string;
  /** In words: the one or two terms that decide it. */
  reasons: string[];
  expected: { latencyP50Ms: number; costPerMillion: number };
  current: { latencyP50Ms: number; costPerMillion: number };
}

export interface FrontPointView {
  setup: SetupView;
  latencyMs: number;
  costPerMillion: number;
  measured: boolean;
  /** 90 % intervals, where measured. */
  latencyInterval?: [number, number];
  costInterval?: [number, number];
  dominated: boolean;
  current: boolean;
  /** `cheapest`, `fastest`, `knee`, `within goal`, `suggested`. */
  labels: string[];
  ledger?: { term: string; perMillion: number }[];
}

/**
 * One lane per function instance. Times in ms from the start of the trace. A lane starts when its handler is first entered;
 * INIT lies before that, from `startMs - initMs` to `startMs`. A function's own run is a span of kind `entry` (or `async`/`sync`
 * with mode `remote` in no lane but its own); its `parent` is the call span in the caller's lane. The span of a remote call
 * stands in the lane of the caller, lasts as long as the caller waited, and `task` is the callee.
 */
export interface TraceView {
  trace: string;
  durationMs: number;
  lanes: {
    function: string;
    instance: string;
    memory: number;
    startMs: number;
    durationMs: number;
    initMs?: number;
    spans: {
      id: string;
      parent?: string;
      task: string;
      kind: CallKind | "entry";
      mode: "inline" | "remote";
      startMs: number;
      durationMs: number;
      cpuMs?: number;
      error?: string;
      /** Lines that the task logged, oldest first. */
      logs?: string[];
    }[];
  }[];
}

export interface TraceSummary {
  trace: string;
  durationMs: number;
  cold: boolean;
  error: boolean;
  /** ms since the epoch. */
  at?: number;
  /** Where the request stands among the durations of all that are known. */
  rank?: "p50" | "p95" | "p99" | "slowest";
}

export interface PanelState {
  revision: number;
  app: string;
  tasks: TaskView[];
  calls: CallView[];
  setup: SetupView;
  suggestion?: SuggestionView;
  front: FrontPointView[];
  trace?: TraceView;
  /** Recent traces to choose from, slowest first. */
  traces?: TraceSummary[];
  diagnostics: { severity: "error" | "warning" | "information"; message: string; file: string; line: number }[];
  run: { state: "stopped" | "starting" | "running" | "stopping"; message?: string; measured?: string };
}

export type ToWebview =
  | { type: "state"; state: PanelState }
  /** Invocations since the last message; several may be batched. */
  | {
      type: "live";
      invocations: { function: string; cold: boolean; durationMs: number }[];
      instances: { function: string; total: number; busy: number }[];
    }
  | { type: "reveal"; task: string }
  /** Where the cursor stands in the editor: marked, without moving the view. Absent = in no task. */
  | { type: "cursor"; task?: string }
  /** The person asked for a view from outside the page; `picked` is the setup to compare with. */
  | { type: "showTab"; tab: "graph" | "front" | "trace"; picked?: string };

export type FromWebview =
  | { type: "ready" }
  /** The graph was drawn for the first time since the page was loaded, and the browser has painted it. */
  | { type: "drawn" }
  | { type: "openSource"; file: string; line: number }
  | { type: "acceptSuggestion" }
  | { type: "acceptSetup"; setupId: string }
  | { type: "command"; command: PanelCommand; task?: string }
  /** One trace; or the slowest in which the task ran, called by `caller` where that is given. */
  | { type: "showTrace"; trace?: string; task?: string; caller?: string }
  | { type: "viewState"; state: unknown }
  /** Text formats as they are, `png` as base64. `to` = where it should go; absent = a file. */
  | { type: "export"; format: "svg" | "png" | "mermaid" | "dot"; content: string; to?: "file" | "clipboard" };

export type PanelCommand = "runLocally" | "stop" | "invokeTask" | "runWorkload" | "suggest" | "createSample" | "showLog";
