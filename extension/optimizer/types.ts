import type { FusionSetup } from "../core/setup.ts";

/** Terms of the cost of one million root requests, US dollars; they add up exactly. */
export interface Ledger {
  /** Functions doing their own work: CPU and waits of their tasks. */
  ownCompute: number;
  /** Functions waiting for synchronous remote calls: the callee is paid for the same time. */
  doubleBilled: number;
  /** CPU time of making remote calls and of entering functions. */
  hopCpu: number;
  /** Functions waiting until asynchronous remote calls are accepted. */
  hopWait: number;
  requestFees: number;
  coldStart: number;
  payload: number;
}

/** Terms of the mean latency of one root request on its critical path, ms; they add up exactly. */
export interface LatencyLedger {
  cpu: number;
  wait: number;
  hopCpu: number;
  hopWait: number;
  coldStart: number;
  payload: number;
}

export interface Evaluation {
  setup: FusionSetup;
  /** ms. `mean` is the search axis. */
  latency: { mean: number; p50: number; p95: number };
  costPerMillion: number;
  /** Invocations per root request. */
  invocations: number;
  terms: { cost: Ledger; latency: LatencyLedger };
}

export interface FrontPoint extends Evaluation {
  /** Upper bounds of how far the point is from the optimum of the model, as shares (0 = proven optimal). */
  gap: { latency: number; cost: number };
  /** `cheapest`, `fastest`, `knee`, `within goal`. */
  labels: string[];
}

export interface Suggestion {
  setup: FusionSetup;
  current: Evaluation;
  expected: Evaluation;
  /** One sentence naming tasks and functions. */
  title: string;
  /** The one or two ledger terms that decide it, in words. */
  reasons: string[];
  /** What would make another setup the better one: a price, a rate. */
  flips: string[];
  /** Per function that changes: what and why, for diagnostics on task definitions. */
  changes: { task: string; message: string }[];
}
