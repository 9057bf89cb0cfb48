/** The trace context that calls carry from function to function. See ARCHITECTURE, contracts. */
import { randomUUID } from "node:crypto";
import type { CallKind } from "../core/graph.ts";
import type { LambdaContext } from "./context.ts";

const VERSION = 1;
/** Around events, because Lambda drops the client context of asynchronous invocations. */
const ENVELOPE = "$fusionize";

/** What a call tells its callee. */
export interface CallContext {
  v: typeof VERSION;
  trace: string;
  /** Id of the caller's span of this call. */
  span: string;
  /** The task that made the call. */
  caller: string;
  kind: CallKind;
  /** Bytes of the JSON of the input, so that the callee need not count them again. */
  bytes?: number;
  /** Id of the setup that the request came in under: a function may serve several that do not change it. */
  setup?: string;
}

/** How an invocation came about, and the input of the task without anything of ours. */
export interface Origin {
  trace: string;
  invoked: CallKind | "unknown";
  parent?: string;
  caller?: string;
  /** Of the JSON of the input, where the caller has counted them. */
  bytes?: number;
  /** Id of the setup that the caller runs under. */
  setup?: string;
  input: unknown;
  clientContext: unknown;
}

export const newTraceId = (): string => randomUUID().replaceAll("-", "");
/** Start of the ids of one invocation's spans; a counter follows. */
export const newSpanPrefix = (): string => randomUUID().slice(24);

export function wrapEvent(context: CallContext, eventText: string): string {
  return `{"${ENVELOPE}":${JSON.stringify(context)},"event":${eventText}}`;
}

/** For the SDK's `ClientContext` parameter. */
export function clientContextOf(context: CallContext): string {
  return Buffer.from(JSON.stringify({ custom: { fusionize: context } })).toString("base64");
}

/** Reads where an invocation came from. Whatever is not exactly ours is taken as a bare event of another client. */
export function originOf(event: unknown, context: LambdaContext): Origin {
  const client = record(context.clientContext);
  const custom = record(client?.["custom"]);
  const carried = record(custom?.["fusionize"]);
  if (client && custom && carried?.["v"] === VERSION && isId(carried["trace"])) {
    const stripped = withoutOurs(client, custom);
    const trace = carried["trace"];
    if (carried["kind"] === "sync" && isId(carried["span"]) && isId(carried["caller"])) {
      return {
        ...calledBy(carried["span"], carried["caller"], carried["bytes"], carried["setup"]),
        trace,
        invoked: "sync",
        input: event,
        clientContext: stripped,
      };
    }
    return { trace, invoked: "unknown", input: event, clientContext: stripped };
  }
  const envelope = record(event);
  const wrapped = record(envelope?.[ENVELOPE]);
  if (
    envelope &&
    wrapped?.["v"] === VERSION &&
    wrapped["kind"] === "async" &&
    "event" in envelope &&
    Object.keys(envelope).length === 2
  ) {
    const { trace, span, caller, bytes, setup } = wrapped;
    if (isId(trace) && isId(span) && isId(caller)) {
      return {
        ...calledBy(span, caller, bytes, setup),
        trace,
        invoked: "async",
        input: envelope["event"],
        clientContext: context.clientContext,
      };
    }
  }
  return { trace: newTraceId(), invoked: "unknown", input: event, clientContext: context.clientContext };
}

function calledBy(
  parent: string,
  caller: string,
  bytes: unknown,
  setup: unknown,
): Pick<Origin, "parent" | "caller" | "bytes" | "setup"> {
  return { parent, caller, ...(typeof bytes === "number" && bytes >= 0 ? { bytes } : {}), ...(isId(setup) ? { setup } : {}) };
}

/** A task does not see our part of the client context: an inlined call has none. */
function withoutOurs(client: Record<string, unknown>, custom: Record<string, unknown>): unknown {
  const { fusionize: _ours, ...rest } = custom;
  const { custom: _custom, ...others } = client;
  if (Object.keys(rest).length > 0) return { ...others, custom: rest };
  return Object.keys(others).length > 0 ? others : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
}

/** Ids and names come over the wire: short text only. */
function isId(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 256;
}
