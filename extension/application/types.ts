/**
 * What a person does with an app, as calls: used by the terminal and by the editor alike. No `vscode`, no console.
 */
import type { CallGraph, Diagnostic } from "../core/graph.ts";
import type { Measurement } from "../core/measurement.ts";
import type { LongWork } from "../ports/work.ts";
import type { AppConfig, FusionSetup, ResolvedFunction } from "../core/setup.ts";
import type { Deployment } from "../deployment/types.ts";
import type { Target } from "../deployment/target.ts";
import type { InvocationRecord } from "../core/record.ts";
import type { ApplicationProfile } from "../optimizer/profile.ts";
import type { Suggestion } from "../optimizer/types.ts";
import type { Report } from "../monitoring/lines.ts";
import type { SentRequest } from "../workload/run.ts";

/** An app as it stands in the workspace now. Loading never throws for faults of the user's files: see `diagnostics`. */
export interface App {
  /** Absolute path. */
  folder: string;
  /** Absolute path of `fusionize.json`, whether it exists or not. */
  setupFile: string;
  /** Undefined while `fusionize.json` cannot be used; `diagnostics` says why. */
  config: AppConfig | undefined;
  graph: CallGraph;
  /** The current setup, `{}` = base setup. */
  setup: FusionSetup;
  setupId: string;
  functions: ResolvedFunction[];
  /** Of source and of `fusionize.json` together. */
  diagnostics: Diagnostic[];
}

export interface InvokeResult {
  /** JSON text of the result or of the error payload. */
  payload: string;
  functionError?: string;
  /** Tail of the log, at most 4 KB. */
  log: string;
  durationMs: number;
  trace?: string;
}

export interface WorkloadOptions extends LongWork {
  /** Root requests. */
  requests: number;
  /** Requests per second, open loop. */
  rate: number;
  /** Send times in ms from the start, in place of `requests` at a constant `rate`. */
  times?: number[];
  /** Entry tasks and the events to send; taken in turn. */
  events: { task: string; event: unknown }[];
  /** Every request meets only new instances. */
  cold?: boolean;
  /** Requests sent before counting starts. */
  warmUp?: number;
  /** A deployment in place of the last one, with the setup it has: e.g. an earlier release that is still there. */
  of?: { deployment: Deployment; setup: FusionSetup };
  /** Append to `.fusionize/`; default true. */
  keep?: boolean;
  /** Called after every finished request. */
  onRequest?: (done: number, failed: number) => void;
}

export interface WorkloadResult {
  measurement: Measurement;
  records: InvocationRecord[];
  reports: Report[];
  /** In the order in which they were answered. */
  sent: SentRequest[];
}

/** One instance as the emulator reports it. */
export interface InstanceView {
  id: string;
  state: "starting" | "idle" | "busy" | "draining";
  memoryUsedMb: number;
  requests: number;
  pid: number;
  /** ms, of the last finished request. */
  lastDurationMs?: number;
  /** WebSocket URL of its debugger, where the emulator runs with `--inspect`. */
  inspector?: string;
  /** Folder of the function's code. */
  root?: string;
}

/** The app running on a local emulator. */
export interface LocalRun {
  readonly endpoint: string;
  readonly target: Target;
  readonly fidelity: "aws" | "fast";
  /** Of the last successful deploy. */
  readonly deployment: Deployment | undefined;
  /** Deploys the app; only what changed is updated. */
  deploy(app: App, options?: LongWork & { setup?: FusionSetup; keepReleases?: number }): Promise<Deployment>;
  invoke(task: string, event: unknown, options?: LongWork): Promise<InvokeResult>;
  /** Runs the workload, reads its records and summarises them. Also appended to `.fusionize/`. */
  workload(options: WorkloadOptions): Promise<WorkloadResult>;
  /** Function root -> instances. */
  instances(): Promise<Record<string, InstanceView[]>>;
  /** Settles when the emulator has gone, whoever ended it. */
  readonly exited: Promise<{ expected: boolean; message: string }>;
  /** Stops emulator and services; no process of ours is left afterwards. Safe to call twice. */
  stop(): Promise<void>;
}

export interface LocalRunOptions extends LongWork {
  fidelity: "aws" | "fast";
  /** Lines of emulator, services and functions. */
  log?: (line: string) => void;
  /** 0 or absent = any free port. */
  port?: number;
}

export interface Suggested {
  profile: ApplicationProfile;
  suggestion: Suggestion | undefined;
}
