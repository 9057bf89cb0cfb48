/** What a run of a workload against one setup measured. Times in ms, costs in US dollars per million root requests. */
import type { CallKind } from "./graph.ts";
import type { FusionSetup } from "./setup.ts";

export interface LatencySummary {
  mean: number;
  p50: number;
  p95: number;
  p99: number;
}

/** Cost per million root requests by part; the parts add up to `costPerMillion`. */
export interface CostParts {
  compute: number;
  /** Part of `compute` that was spent waiting for other functions of the app: paid twice. Not added again. */
  doubleBilled: number;
  requests: number;
  init: number;
}

export interface TaskStatistics {
  task: string;
  /** Runs per root request. */
  perRequest: number;
  duration: LatencySummary;
  /** vCPU-ms of the task itself, its callees not counted; mean. */
  ownCpu: number;
  /** ms of waiting of the task itself (wall less CPU less time in callees); mean. */
  ownWait: number;
  errors: number;
  samples: number;
}

export interface CallStatistics {
  from: string;
  to: string;
  kind: CallKind;
  mode: "inline" | "remote";
  perRequest: number;
  /** As the caller sees it. */
  duration: LatencySummary;
  /** Of a remote synchronous call: its duration less the callee's own, mean. */
  hop?: number;
  /** Of a remote synchronous call: what the caller's function is billed while it waits, US dollars per million root requests. */
  doubleBilled?: number;
  samples: number;
}

export interface FunctionStatistics {
  root: string;
  memory: number;
  invocationsPerRequest: number;
  duration: LatencySummary;
  /** Mean billed ms, INIT included. */
  billed: number;
  costPerMillion: number;
  coldStarts: number;
  invocations: number;
  /** MB, largest seen. */
  maxMemoryUsed: number;
}

export interface Measurement {
  setup: FusionSetup;
  setupId: string;
  /** ISO 8601. */
  at: string;
  target: "local" | "aws";
  fidelity?: "aws" | "fast";
  cold: boolean;
  requests: number;
  errors: number;
  /** Of the root function, seen from the client that sent the request. */
  latency: LatencySummary;
  /** The root function's own duration without network and cold start, as the papers measure it. */
  internalLatency: LatencySummary;
  costPerMillion: number;
  cost: CostParts;
  invocationsPerRequest: number;
  coldStarts: number;
  /** Invocations that calls were made for, but whose record was never seen. */
  lostRecords: number;
  /** Records that came more than once for one call (retries, or the log delivering twice). */
  repeatedRecords: number;
  functions: FunctionStatistics[];
  tasks: TaskStatistics[];
  calls: CallStatistics[];
}
