import type { Settings } from "../lambda/model.ts";

/** What an instance runs: one state of one version's code and settings. Another update makes another revision. */
export interface Revision {
  functionName: string;
  version: string;
  /** Unqualified ARN of the function. */
  arn: string;
  settings: Settings;
  /** Folder of the unpacked code. */
  root: string;
  /** Names the code, for caches keyed by it. */
  codeId: string;
}

/** One request to a function. */
export interface Invocation {
  requestId: string;
  /** ARN as the caller qualified it. */
  arn: string;
  payload: Uint8Array;
  clientContext?: string;
  identity?: string;
  traceId: string;
  /** Collect the last 4 KB of the log. */
  tail: boolean;
  /** Receives the parts of a streamed response; absent when the caller wants it whole. */
  onStream?: { start(contentType: string): void; chunk(bytes: Buffer): void };
}

/** Outcome of one invocation. */
export interface Outcome {
  payload: Buffer;
  /** The function failed; the payload describes the error. */
  failed: boolean;
  executedVersion: string;
  logTail?: string;
  durationMs: number;
  billedMs: number;
  initMs?: number;
  /** The response was handed to `onStream`. */
  streamed?: boolean;
}
