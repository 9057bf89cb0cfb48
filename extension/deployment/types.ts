import type { CallGraph } from "../core/graph.ts";
import type { Connection } from "./endpoint/connection.ts";
import type { CanaryEntry, Seen } from "./release/canary.ts";
import type { Drift } from "./release/drift.ts";
import type { LongWork } from "../ports/work.ts";
import type { AppConfig, FusionSetup } from "../core/setup.ts";

/** What is deployed: the app as found in the workspace, and the setup to deploy it under. */
export interface DeployableApp {
  /** Absolute path of the app's folder. */
  folder: string;
  config: AppConfig;
  graph: CallGraph;
  setup: FusionSetup;
}

export interface Action {
  kind: "create" | "update" | "delete" | "keep";
  /** `function iot-local-checkAir`, `alias …:live`, … */
  resource: string;
  reason: string;
}

export interface DeployedFunction {
  root: string;
  functionName: string;
  /** Published version that the release's alias points at. */
  version: string;
  /** MB. */
  memory: number;
  /** Bytes of the zip. */
  codeSize: number;
  logGroup: string;
}

export interface Deployment {
  setupId: string;
  /** Release name, also the alias under which siblings call each other: `r1`, `r2`, … */
  release: string;
  functions: DeployedFunction[];
  /** Task -> what to invoke: function name and the qualifier of the entry alias (`live`). */
  entries: Record<string, { functionName: string; qualifier: string; url?: string }>;
  actions: Action[];
}

export interface DeployOptions extends LongWork {
  /** Aliases, versions and functions of how many earlier releases stay; default 1. */
  keepReleases?: number;
  /** What somebody has agreed to. A deploy that would now change anything else changes nothing: `plan-changed`. */
  consented?: readonly Action[];
  /** Try the new release on a share of the requests first. Without it clients move at once. */
  canary?: CanaryOptions;
  /** ms since the epoch; default: this machine's clock. What has run out is told by it. */
  now?: () => number;
}

export interface CanaryOptions {
  /** Of the requests to each entry, between 0 and 1. */
  share: number;
  /** How long, before all clients move. */
  seconds: number;
  /** Share of its requests that may fail; default 0.01. Below 20 requests only a complete failure counts. */
  tolerated?: number;
  /** Looks at what the new version has done since `from` (ms since the epoch); default: reads its log. */
  look?: (connection: Connection, entry: CanaryEntry, from: number) => Promise<Seen>;
}

export interface DestroyOptions extends LongWork {
  /** Also delete the log groups; default: they are kept and listed. */
  logs?: boolean;
}

/** What a deploy would do. Nothing has been changed. */
export interface Plan {
  app: string;
  stage: string;
  region: string;
  /** Absent where the target is not asked for it. */
  account?: string;
  /** Absent = AWS. */
  endpoint?: string;
  setupId: string;
  /** The release that would be live. */
  release: string;
  /** What clients get now; undefined before the first deploy. */
  live: { release: string; setupId: string | undefined } | undefined;
  /** Only `keep`s when the endpoint is as the app is. */
  actions: Action[];
  /** What was changed past the deployer; deploying mends it. */
  drift: Drift[];
}

export interface ReleaseView {
  name: string;
  setupId: string | undefined;
  /** ISO 8601. */
  at: string | undefined;
  functions: number;
  /** False for what is left of a deploy that was cut off. */
  complete: boolean;
  live: boolean;
}
