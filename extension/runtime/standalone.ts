/** A task that is called outside of any invocation is the root of one of its own. */
import { randomUUID } from "node:crypto";
import type { LambdaContext, TaskContext } from "./context.ts";
import { crossError } from "./errors.ts";
import { standalone } from "./host.ts";
import { Invocation } from "./invocation.ts";
import { handlerOf } from "./registry.ts";
import { encodeResult, execute, newRun } from "./run.ts";
import { newTraceId } from "./trace.ts";
import { decode, encode } from "./values.ts";

/** ms; Lambda's longest. */
const LONGEST_TIMEOUT = 900_000;

/**
 * Runs a task and whatever it calls in this process. With Lambda's context it answers as a Lambda handler does, with the
 * task's own result and error; without (a unit test), with what a calling task would get.
 */
export async function runStandalone(task: string, input: unknown, lambda: LambdaContext | undefined): Promise<unknown> {
  const host = standalone(task);
  const context = lambda ?? localContext(task);
  const origin = { trace: newTraceId(), invoked: "unknown", input, clientContext: context.clientContext } as const;
  const invocation = new Invocation(host, context, origin);
  const span = invocation.begin(task, "entry", "inline", 0);
  const run = newRun(task, invocation, span);
  host.place(task, "sync", run);
  const handler = handlerOf(task);
  if (!handler) return undefined;
  const own: TaskContext = { ...context, trace: { id: invocation.trace, span: span.id } };
  try {
    if (lambda) return await execute(run, handler, input, own);
    return decode(encodeResult(await execute(run, handler, decode(encode(input)), own)));
  } catch (error) {
    throw lambda ? error : crossError(error);
  } finally {
    invocation.end(span);
    await invocation.idle();
  }
}

function localContext(task: string): LambdaContext {
  const deadline = performance.now() + LONGEST_TIMEOUT;
  return {
    awsRequestId: randomUUID(),
    functionName: task,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${task}`,
    memoryLimitInMB: "128",
    logGroupName: `/aws/lambda/${task}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}
