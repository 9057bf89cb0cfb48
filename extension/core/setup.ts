/**
 * Fusion setups: all functions of an app, for each its root task (the key), what is inlined, its memory size.
 * The same shape stands under `functions` in `fusionize.json` and in every `--json` answer.
 */

/** One function of a setup. Missing `memory` = the default memory; missing lists = nothing inlined. */
export interface FunctionSetup {
  /** MB. */
  memory?: number;
  /** Tasks whose synchronous calls run inside this function, whichever of its tasks makes the call. */
  inline?: string[];
  /** The same for asynchronous calls. */
  inlineAsync?: string[];
}

/** Root task -> function. A task that needs a function and is not listed gets one with the default memory. */
export type FusionSetup = Record<string, FunctionSetup>;

/** Memory of a function that the setup does not list, MB: the smallest that Lambda offers. */
export const DEFAULT_MEMORY_MB = 128;

/** MB, whole numbers between: what Lambda offers. */
export const MEMORY_RANGE = { min: 128, max: 10_240 } as const;

/** A function with every default filled in and its contents worked out. */
export interface ResolvedFunction {
  root: string;
  /** MB. */
  memory: number;
  inline: string[];
  inlineAsync: string[];
  /** All tasks whose code can run inside: the root first, then those reached by inlined calls, sorted. */
  tasks: string[];
}

export type Goal =
  | "latency"
  | "cost"
  | "balanced"
  | { minimize: "latency" | "cost"; latency?: { mean?: number; p50?: number; p95?: number } };

export interface Constraints {
  /** Groups of tasks that may never share a function. */
  apart?: string[][];
  /** MB, per task. */
  memory?: Record<string, { min?: number; max?: number }>;
  /** Tasks that never run twice at once in one process: they are not inlined where calls may overlap. */
  exclusive?: string[];
  /** Tasks whose asynchronous calls may be inlined even where the platform would not repeat a lost one. */
  lossTolerated?: string[];
}

/** `fusionize.json` after parsing and validation, defaults filled in. */
export interface AppConfig {
  app: string;
  /** Globs relative to the app's folder. */
  tasks: string[];
  template?: string;
  runtime: string;
  goal: Goal;
  local: { services: string[]; environment: Record<string, string> };
  /** Environment of every function, local and on AWS. */
  environment: Record<string, string>;
  /** Seconds, of every function. */
  timeout: number;
  constraints: Constraints;
  functions: FusionSetup;
}
