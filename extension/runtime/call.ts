/** One task calls another: the fusion handler's core. */
import type { Span } from "../core/record.ts";
import { crossError, plainError, requestTooLarge } from "./errors.ts";
import { handlerOf } from "./registry.ts";
import { newRun, runInline, type Run } from "./run.ts";
import { wrapEvent, type CallContext } from "./trace.ts";
import { byteLength, decode, encode, MAX_EVENT, MAX_SYNC_REQUEST } from "./values.ts";

/** Inlined calls may nest this deep; a recursion without end is told so instead of filling the memory. */
const MAX_DEPTH = 1000;
/** Bytes that the envelope around an event never exceeds. */
const ENVELOPE_ROOM = 4096;

/** For a run whose time is up: remotely its process would be gone, so nothing reaches it any more. */
const never = new Promise<never>(() => {});

/**
 * Calls a task and waits for its result, which is a copy of its own: nothing is shared with the callee.
 * @throws TypeError for an input that JSON cannot hold; else a plain Error with the name and message of the callee's.
 */
export async function callSync(caller: Run, task: string, input: unknown): Promise<unknown> {
  return decode(await callText(caller, task, encode(input)));
}

/** The same for JSON texts. */
export async function callText(caller: Run, task: string, text: string): Promise<string> {
  if (caller.stopped) return await never;
  const { invocation } = caller;
  const bytes = byteLength(text);
  const mode = invocation.host.place(task, "sync", caller);
  const span = invocation.begin(task, "sync", mode, bytes, caller);
  invocation.enter();
  let result = "";
  let failure: Error | undefined;
  try {
    if (bytes > MAX_SYNC_REQUEST) throw requestTooLarge(MAX_SYNC_REQUEST);
    result = mode === "inline" ? await inline(caller, task, text, span) : await remote(caller, task, text, span);
    span.out = byteLength(result);
  } catch (error) {
    failure = crossError(error);
  } finally {
    // Before anything waits: the invocation is not to wait for a caller whose time is up.
    invocation.end(span, failure);
    invocation.leave();
  }
  if (caller.stopped) return await never;
  if (failure) throw failure;
  return result;
}

/**
 * Calls a task and waits only until its event is accepted: by the platform, or, where nothing can get lost by it,
 * by this process, which then runs it before the invocation ends.
 */
export async function callAsync(caller: Run, task: string, input: unknown): Promise<void> {
  await sendText(caller, task, encode(input));
}

/** The same for a JSON text. */
export async function sendText(caller: Run, task: string, text: string): Promise<void> {
  if (caller.stopped) return await never;
  const { invocation } = caller;
  const bytes = byteLength(text);
  const mode = invocation.host.place(task, "async", caller);
  const span = invocation.begin(task, "async", mode, bytes, caller);
  if (bytes > MAX_EVENT - ENVELOPE_ROOM && byteLength(wrapEvent(carried(caller, span, bytes), text)) > MAX_EVENT) {
    const failure = requestTooLarge(MAX_EVENT);
    invocation.end(span, failure);
    throw failure;
  }
  invocation.enter();
  if (mode === "inline") {
    // Later, as behind the platform: the caller goes on first.
    setImmediate(() => void background(caller, task, text, span));
    return;
  }
  let failure: Error | undefined;
  try {
    await send(caller, task, text, span);
  } catch (error) {
    failure = crossError(error);
    throw failure;
  } finally {
    invocation.end(span, failure);
    invocation.leave();
  }
}

/** Runs an inlined asynchronous call. One that fails goes to its own function as an event, so that the platform's retries apply. */
async function background(caller: Run, task: string, text: string, span: Span): Promise<void> {
  const { invocation } = caller;
  try {
    const result = await inline(caller, task, text, span);
    span.out = byteLength(result);
    invocation.end(span);
  } catch (error) {
    invocation.end(span, crossError(error));
    await handOver(caller, task, text, span, error);
  } finally {
    invocation.leave();
  }
}

async function handOver(caller: Run, task: string, text: string, span: Span, reason: unknown): Promise<void> {
  const { invocation } = caller;
  if (!invocation.host.remote) {
    console.error(`The asynchronous call of task "${task}" failed:`, reason);
    return;
  }
  try {
    await send(caller, task, text, span);
    span.handedOver = true;
  } catch (error) {
    invocation.failures.push(crossError(error));
  }
}

async function inline(caller: Run, task: string, text: string, span: Span): Promise<string> {
  const handler = handlerOf(task);
  if (!handler)
    throw plainError({ errorType: "TaskWithoutCode", errorMessage: `The code of task "${task}" is not in this function.` });
  if (caller.depth >= MAX_DEPTH) {
    throw plainError({
      errorType: "RecursiveInvocationException",
      errorMessage: `Task "${task}" is called ${MAX_DEPTH} calls deep.`,
    });
  }
  return await runInline(newRun(task, caller.invocation, span, caller), handler, text);
}

async function remote(caller: Run, task: string, text: string, span: Span): Promise<string> {
  return await reachable(caller, task).call(caller.invocation, task, text, carried(caller, span, span.in));
}

async function send(caller: Run, task: string, text: string, span: Span): Promise<void> {
  await reachable(caller, task).send(caller.invocation, task, text, carried(caller, span, span.in));
}

function reachable(caller: Run, task: string): NonNullable<Run["invocation"]["host"]["remote"]> {
  const { remote } = caller.invocation.host;
  if (!remote) throw plainError({ errorType: "TaskWithoutCode", errorMessage: `There is no function for task "${task}" here.` });
  return remote;
}

export function carried(caller: Run, span: Span, bytes: number): CallContext {
  return {
    v: 1,
    trace: caller.invocation.trace,
    span: span.id,
    caller: caller.task,
    kind: span.kind === "async" ? "async" : "sync",
    bytes,
    ...(caller.invocation.setup !== "" && { setup: caller.invocation.setup }),
  };
}
