/** The application profile: what the optimizer knows of the app. JSON form and units as documented in docs/profile.md. */
import type { Constraints, FusionSetup } from "../core/setup.ts";

/** One step of a task's program. */
export type Step =
  /** vCPU-ms on the main thread; with `threads` the total, spread over that many worker threads. */
  | { cpu: number; threads?: number }
  /** ms of waiting for something that is not a task of this app. */
  | { wait: number }
  /**
   * `times`: mean number of calls per run (default 1). `bytes`: of input plus result. `hopCpu`: vCPU-ms of making this call remotely, where
   * it is known to differ from the platform's (calls made together share part of it).
   */
  | { call: string; async?: boolean; times?: number; bytes?: number; hopCpu?: number }
  | { parallel: Step[][] };

export interface TaskProfile {
  /** MB below which the task does not run. */
  memoryFloor?: number;
  codeMb?: number;
  program: Step[];
}

/** A remote call beyond the callee: caller's CPU (vCPU-ms; half to send, half to take the answer) and wait (ms; excludes that CPU). */
export interface HopProfile {
  cpuMs: number;
  waitMs: number;
}

export interface ApplicationProfile {
  version: 1;
  prices: { perGbMs: number; perRequest: number };
  platform: {
    cpuPeriodMs: number;
    mbPerVcpu: number;
    /** vCPU-ms that are lost each time the quota stops the process, because its caches are cold after. Default 0. */
    pauseCpuMs?: number;
    sync: HopProfile;
    async: HopProfile;
    /** What every invocation costs inside the function beside the task, at its end: vCPU-ms and ms, billed. Default 0. */
    handler?: HopProfile;
    /** ms between a client and the root function, both ways, beyond the function's own duration. Default 0. */
    clientMs?: number;
    /** ms per MB that a remote call's payload adds to its wait. Default 0. */
    payloadMsPerMb?: number;
    /** ms to which billed durations are rounded up: costs half of it on average. Default 0. */
    billingStepMs?: number;
    /** Spread (standard deviation / mean) of waits and of CPU work from request to request; for p50 and p95 only. Default 0. */
    variation?: { wait: number; cpu: number };
    init: { waitMs: number; cpuMs: number; perMbCode: number };
    coldShare?: number;
    keepAliveMs?: number;
  };
  memorySizes: number[];
  entries: { task: string; weight: number }[];
  tasks: Record<string, TaskProfile>;
  constraints: Constraints & { latency?: { mean?: number; p50?: number; p95?: number } };
}

export type { FusionSetup };
