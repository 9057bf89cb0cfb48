/** The fusion handler: the entry of every function. */
import { randomUUID } from "node:crypto";
import type { Span } from "../core/record.ts";
import type { LambdaContext, TaskContext } from "./context.ts";
import { crossError, reportable } from "./errors.ts";
import { acquire } from "./exclusive.ts";
import { FusedHost, type FusionOptions } from "./fused.ts";
import { Invocation } from "./invocation.ts";
import { writeRecord } from "./log.ts";
import { handlerOf, knownTasks } from "./registry.ts";
import { encodeResult, execute, newRun } from "./run.ts";
import { originOf } from "./trace.ts";
import { byteLength, encode } from "./values.ts";

export type { FusionOptions } from "./fused.ts";

/** This process: an instance of the function. */
const instance = randomUUID().slice(0, 8);

/** ms after the start of this process. */
let ready: number | undefined;
let preparation: Promise<void> | undefined;

/**
 * Waits until everything is ready that calls out of this function need: INIT lasts as long as the entry module awaits this.
 * What cannot be made ready says so when it is called.
 */
export async function prepared(): Promise<void> {
  await preparation?.catch(() => {});
  ready = performance.now();
}

/**
 * Makes the Lambda handler of a function. To be called once, when the modules of the function's tasks have been loaded.
 * @throws Error when the root task's code is missing.
 */
export function serve(options: FusionOptions): (event: unknown, context: LambdaContext) => Promise<unknown> {
  const { root } = options;
  const handler = handlerOf(root);
  if (!handler) throw new Error(`The code of task "${root}" is not in this function. Deploy it again.`);
  const host = new FusedHost(options);
  if (options.remote ?? knownTasks().some((task) => task !== root)) preparation = host.remote.prepare();
  ready = performance.now();
  let sequence = 0;

  return async (event, context) => {
    sequence++;
    const cold = sequence === 1 && process.env["AWS_LAMBDA_INITIALIZATION_TYPE"] !== "provisioned-concurrency";
    const origin = originOf(event, context);
    const invocation = new Invocation(host, context, origin);
    const span = invocation.begin(root, "entry", "inline", origin.bytes ?? byteLength(encode(origin.input)));
    const own: TaskContext = {
      ...context,
      clientContext: origin.clientContext,
      trace: { id: invocation.trace, span: span.id, caller: origin.caller },
    };
    const release = host.exclusive.has(root) ? await acquire(root) : undefined;
    try {
      const result = await execute(newRun(root, invocation, span), handler, origin.input, own);
      const text = encodeResult(result);
      span.out = byteLength(text);
      await finish(invocation, span);
      // An event that nobody took: only repeating the whole invocation can save it.
      if (invocation.failures[0]) throw invocation.failures[0];
      return text === "null" ? null : result;
    } catch (error) {
      await finish(invocation, span, crossError(error));
      throw reportable(error);
    } finally {
      release?.();
      writeRecord(invocation.record({ instance, sequence, cold, ...(cold && ready !== undefined ? { init: ready } : {}) }));
    }
  };
}

/** The root task's run ends before the invocation does: what it called may go on. */
async function finish(invocation: Invocation, span: Span, failure?: Error): Promise<void> {
  if (span.duration === 0) invocation.end(span, failure);
  await invocation.idle();
}
