/** What the evaluation keeps. Times in ms, money in US dollars, memory in MB. */
import type { InvocationRecord } from "../../extension/core/record.ts";
import type { FusionSetup } from "../../extension/core/setup.ts";
import type { Report } from "../../extension/monitoring/lines.ts";
import type { SentRequest } from "../../extension/workload/run.ts";

export const APPS = ["tree", "iot", "web"] as const;
export type AppName = (typeof APPS)[number];

/** warm: constant rate. cold: one request at a time, each of them meets new instances only. bursty: several at once, then silence. */
export const LOADS = ["warm", "cold", "bursty"] as const;
export type LoadName = (typeof LOADS)[number];

/** Where a setup comes from. */
export type Origin = "base" | "all in one" | "papers" | "power tuning" | "ours" | "front";

export interface Contender {
  /** `papers, final` and the like; unique within an app. */
  name: string;
  origin: Origin;
  setup: FusionSetup;
  /** Asynchronous calls are inlined although an event could be lost: the papers' “local” setup does that. */
  lossTolerated?: true;
  /** Other contenders that turned out to be the same setup; they share its measurements. */
  also: string[];
  /** How many deployments the method had made when it reached this setup, the start included. */
  deployments?: number;
}

/** One block: a number of requests of one load against one contender. A line of the raw results. */
export interface Block {
  app: AppName;
  load: LoadName;
  contender: string;
  /** Index of the block; within one index all contenders ran in the order given by `position`. */
  block: number;
  position: number;
  /** ISO 8601. */
  at: string;
  /** Platform wait of a hop where it was set; absent = the calibrated one. */
  hopMs?: number;
  /** Share of all cores that was busy while the block ran. */
  machineBusy: number;
  /** The part of it that ran at low priority: other work, which gives way. */
  machineYielding: number;
  requests: SentRequest[];
  records: InvocationRecord[];
  reports: Report[];
}

/** What the methods did before contenders were measured side by side. */
export interface Search {
  app: AppName;
  contenders: Contender[];
  /** Predictions from the profile of the base setup alone, by contender: mean latency and cost per million requests. */
  predicted: Record<string, { latency: number; cost: number }>;
  /** The predicted front, fastest first. */
  front: { setup: FusionSetup; latency: number; cost: number; labels: string[] }[];
  notes: string[];
  /** Seconds a method spent from its first deployment to its final setup, measuring included. */
  seconds: { ours: number; papers: number };
}

/** main, and everything else in the first block only; main; or the three without which there is nothing to say. */
export type Choice = "all once" | "main" | "three";

export interface Plan {
  apps: AppName[];
  /** Requests per contender and block, and blocks, by load. A load that is missing is not run. */
  loads: Partial<Record<LoadName, { requests: number; blocks: number; contenders: Choice }>>;
  /** Root requests per second under warm load. */
  rate: number;
  /** Requests with which methods measure a deployment while they search. */
  searchRequests: number;
  /** Whether the papers' memory sweep is measured, as they did, or taken from the model. */
  measuredSweep: boolean;
  /** Factor on the CPU work and the sleeps of the samples; 1 but in short runs. */
  workScale: number;
  /** Hop waits to repeat the main contenders under, ms. */
  hops: number[];
  seed: number;
}
