/**
 * The monitoring record: one compact JSON line per invocation, written by the fusion handler and read by monitoring.
 * It is the only contract between the two. Times are milliseconds; starts inside a record are offsets from `start`
 * on the instance's monotonic clock (never compare clocks of two hosts). CPU is process CPU (user + system, all
 * threads) in vCPU-ms, cumulative since the invocation began, so that differences between any two readings add up.
 */

/** Marks our lines among everything else in a log; `{ $.fusionize = 1 }` is the filter pattern. */
export const RECORD_VERSION = 1;

export interface InvocationRecord {
  fusionize: typeof RECORD_VERSION;
  /** Id shared by everything that one root request causes. */
  trace: string;
  /** Setup id of the deployed release, see `setupId`. */
  setup: string;
  /** Root task of the function. */
  function: string;
  /** Lambda request id: the same again when the platform retries. */
  request: string;
  /** Id of the instance (execution environment) and how many invocations it has begun, this one included. */
  instance: string;
  sequence: number;
  /** MB. */
  memory: number;
  cold: boolean;
  /** On cold starts: ms from process start until the handler was ready, as the process itself sees it. */
  init?: number;
  /** How this function was invoked; `unknown` = by a client that is not part of the app. */
  invoked: CallKind | "unknown";
  /** Id of the call span that caused this invocation; absent for root requests. */
  parent?: string;
  /** Wall clock when the handler was entered, ms since the epoch. Only for ordering and display. */
  start: number;
  /** ms until the handler's answer was ready. */
  duration: number;
  /** vCPU-ms used by the process during the invocation. */
  cpu: number;
  /** `[index, count]` when the spans of one invocation need several lines; index from 0. */
  part?: [number, number];
  spans: Span[];
}

import type { CallKind } from "./graph.ts";

/**
 * The run of a task, or a call as its caller sees it. An inlined call is both at once: one span.
 * The first span of a record is the root task's own run.
 */
export interface Span {
  /** Unique in the trace. */
  id: string;
  /** Span of the task run that made this call (the true caller); absent for the root task's run. */
  parent?: string;
  task: string;
  /** Name of the task that made the call; absent for the root task's run. */
  caller?: string;
  /** `entry` for the root task's run. */
  kind: CallKind | "entry";
  /** Where the task ran: in this process, or behind the platform. */
  mode: "inline" | "remote";
  /** ms, offset from the record's start. */
  start: number;
  /** ms; for a remote async call until the event was accepted. */
  duration: number;
  /** Cumulative process CPU at begin and end, vCPU-ms since the invocation began. */
  cpu: [number, number];
  /** The same for the main thread alone, where the runtime can tell: the difference is worker threads' CPU. */
  thread?: [number, number];
  /** Bytes of the JSON of the input and of the result. */
  in: number;
  out: number;
  /** Name of the error, when it ended in one. */
  error?: string;
  /** An inlined asynchronous call that failed and was handed to the task's own function as an event. */
  handedOver?: true;
}
