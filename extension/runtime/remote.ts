/** Calls that leave the function: through Lambda's Invoke API. */
import { setImmediate, setTimeout } from "node:timers/promises";
import type { InvokeCommandInput, InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { cameFrom, crossError, plainError, RemotePayload, RequestFault, type ErrorPayload } from "./errors.ts";
import type { Remote } from "./host.ts";
import type { Invocation } from "./invocation.ts";
import type { Invoker } from "./lambda.ts";
import type { Siblings } from "./siblings.ts";
import { clientContextOf, wrapEvent, type CallContext } from "./trace.ts";

/** Attempts, the first included. A throttled synchronous call did not run, so it may be repeated; events may be repeated anyway. */
const ATTEMPTS = 4;
/** ms; waits are spread evenly between nothing and this, doubling with each attempt. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 5000;
/** ms without a call after which an open connection may have been closed by the other side. */
const IDLE_CONNECTION = 1000;

export class LambdaRemote implements Remote {
  readonly #siblings: (invocation: Invocation) => Siblings;
  #invoker: Promise<Invoker> | undefined;
  #lastUse = performance.now();

  constructor(siblings: (invocation: Invocation) => Siblings) {
    this.#siblings = siblings;
  }

  /** Makes the client ready now: in INIT, where the CPU is not throttled. */
  async prepare(): Promise<void> {
    const client = await this.#client();
    await client.warmUp?.();
  }

  async call(invocation: Invocation, task: string, input: string, context: CallContext): Promise<string> {
    const answer = await this.#invoke(invocation, task, input, { ClientContext: clientContextOf(context) }, isThrottle);
    const text = answer.Payload?.length ? Buffer.from(answer.Payload).toString("utf8") : "null";
    if (answer.FunctionError === undefined) return text;
    throw cameFrom(plainError(parseErrorPayload(text)), new RemotePayload(text));
  }

  async send(invocation: Invocation, task: string, input: string, context: CallContext): Promise<void> {
    await this.#invoke(invocation, task, wrapEvent({ ...context, kind: "async" }, input), { InvocationType: "Event" }, isPassing);
  }

  async #invoke(
    invocation: Invocation,
    task: string,
    payload: string,
    how: Partial<InvokeCommandInput>,
    repeatable: (error: unknown) => boolean,
  ): Promise<InvokeCommandOutput> {
    const siblings = this.#siblings(invocation);
    const request = {
      FunctionName: siblings.functionName(task),
      ...(siblings.qualifier !== "" && { Qualifier: siblings.qualifier }),
      Payload: Buffer.from(payload),
      ...how,
    };
    const client = await this.#client();
    if (performance.now() - this.#lastUse > IDLE_CONNECTION) await noticeClosedConnections();
    for (let attempt = 1; ; attempt++) {
      try {
        return await client.invoke(request);
      } catch (error) {
        if (attempt >= ATTEMPTS || !repeatable(error)) throw cameFrom(crossError(error), new RequestFault(error));
        await setTimeout(Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt));
      } finally {
        this.#lastUse = performance.now();
      }
    }
  }

  async #client(): Promise<Invoker> {
    this.#invoker ??= import("./lambda.ts").then(({ createInvoker }) => createInvoker());
    return await this.#invoker;
  }
}

/**
 * An instance is frozen between invocations. What happened to its connections meanwhile it learns from the event loop's
 * next turns; a request sent earlier would go into a connection that is closed already.
 */
async function noticeClosedConnections(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

function parseErrorPayload(text: string): ErrorPayload {
  try {
    return (JSON.parse(text) as ErrorPayload | null) ?? {};
  } catch {
    return { errorMessage: text };
  }
}

function isThrottle(error: unknown): boolean {
  return error instanceof Error && error.name === "TooManyRequestsException";
}

/** Faults that pass: throttling, faults of the service, broken connections. */
function isPassing(error: unknown): boolean {
  if (isThrottle(error)) return true;
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: unknown };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500;
  return typeof code === "string" && /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN)$/.test(code);
}
