/** One run of a task in this process, and the context it sees. */
import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { Span } from "../core/record.ts";
import type { TaskContext } from "./context.ts";
import { crossError, responseTooLarge, timedOut, unserializableResult } from "./errors.ts";
import { acquire } from "./exclusive.ts";
import type { Invocation } from "./invocation.ts";
import type { TaskHandler } from "./registry.ts";
import { byteLength, decode, encode, MAX_SYNC_RESPONSE } from "./values.ts";

export interface Run {
  readonly task: string;
  readonly invocation: Invocation;
  readonly span: Span;
  /** The run that called this one inline. */
  readonly parent: Run | undefined;
  /** Number of runs above this one. */
  readonly depth: number;
  /** Its time was up: its code cannot be killed, but it gets nothing any more and calls nobody. */
  stopped: boolean;
  /** While its time is kept here: when it is up, on `performance.now()`'s clock, and what ends it. */
  limit?: { at: number; expire: () => void };
}

/** The run that the current code belongs to: the true caller of whatever it calls. */
export const currentRun = new AsyncLocalStorage<Run>();

export function newRun(task: string, invocation: Invocation, span: Span, parent?: Run): Run {
  return { task, invocation, span, parent, depth: parent ? parent.depth + 1 : 0, stopped: false };
}

/** Runs a task's code. What it throws, it throws. */
export async function execute(run: Run, handler: TaskHandler, input: unknown, context: TaskContext): Promise<unknown> {
  return await currentRun.run(run, handler as TaskHandler<unknown>, input, context);
}

/**
 * Runs a task inside the caller's process as if it were behind the platform: JSON in, JSON out, its own context, its own time.
 * @returns JSON text of the result.
 * @throws the error as a remote caller would get it.
 */
export async function runInline(run: Run, handler: TaskHandler, input: string): Promise<string> {
  const { invocation, task } = run;
  const release = invocation.host.exclusive.has(task) ? await acquire(task) : undefined;
  const began = performance.now();
  const timeout = invocation.host.timeoutOf(task, invocation);
  const context = inlineContext(run, began, timeout);
  try {
    const work = (): Promise<unknown> => execute(run, handler, decode(input), context);
    // Where the host ends first, the platform keeps the time for both.
    const result = await (began + timeout < invocation.deadline ? inTime(work, run, context, began + timeout, timeout) : work());
    return encodeResult(result);
  } catch (thrown) {
    throw crossError(thrown);
  } finally {
    release?.();
  }
}

/** JSON text of a result. @throws as the runtime and the platform do, where it is none or too large. */
export function encodeResult(result: unknown): string {
  let text: string;
  try {
    text = encode(result);
  } catch {
    throw unserializableResult();
  }
  if (byteLength(text) > MAX_SYNC_RESPONSE) throw responseTooLarge(MAX_SYNC_RESPONSE);
  return text;
}

/** Waits for the work until its time is up; also work that kept the thread busy until after. */
async function inTime<T>(work: () => Promise<T>, run: Run, context: TaskContext, at: number, timeout: number): Promise<T> {
  let expire = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    expire = () => {
      run.stopped = true;
      reject(timedOut(context.awsRequestId, timeout));
    };
  });
  run.limit = { at, expire };
  // Timers count from the beginning of a turn of the event loop and may be early. Set before the work begins: it may call others at once.
  const look = (): void => {
    if (!expired(run)) timer = setTimeout(look, Math.ceil(at - performance.now()));
  };
  let timer = setTimeout(look, Math.ceil(at - performance.now()));
  const working = work();
  try {
    const result = await Promise.race([working, late]);
    return expired(run) ? await late : result;
  } finally {
    clearTimeout(timer);
    delete run.limit;
    working.catch(() => {});
    late.catch(() => {});
  }
}

/** Ends the run if its time is up, and before it those of its callers whose time is: remotely they would not live to see it. */
function expired(run: Run): boolean {
  const now = performance.now();
  const over: Run[] = [];
  for (let each: Run | undefined = run; each; each = each.parent) if (each.limit && now >= each.limit.at) over.unshift(each);
  for (const { limit } of over) limit?.expire();
  return run.stopped;
}

/**
 * The context of an inlined run: that of the task's own function. Memory, log stream and version are those of the
 * function that really runs it, and its time ends with that function's time at the latest.
 */
function inlineContext(run: Run, began: number, timeout: number): TaskContext {
  const { invocation, task, span } = run;
  const host = invocation.context;
  const deadline = Math.min(began + timeout, invocation.deadline);
  const identity = invocation.host.identityOf(task, invocation);
  return {
    awsRequestId: randomUUID(),
    functionName: identity.functionName,
    functionVersion: host.functionVersion,
    invokedFunctionArn: identity.invokedFunctionArn,
    memoryLimitInMB: host.memoryLimitInMB,
    logGroupName: identity.logGroupName,
    logStreamName: host.logStreamName,
    clientContext: undefined,
    identity: undefined,
    tenantId: host.tenantId,
    xRayTraceId: host.xRayTraceId,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    trace: { id: invocation.trace, span: span.id, caller: span.caller },
  };
}
