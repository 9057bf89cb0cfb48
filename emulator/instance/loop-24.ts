import { finished } from "node:stream/promises";
import { answer, answerError, endStream } from "./answer.ts";
import { hold } from "./channel.ts";
import { commonContext } from "./context.ts";
import type { InvocationHeader } from "./context.ts";
import { RuntimeError } from "./errors.ts";
import { streaming } from "./handler.ts";
import type { Handler } from "./handler.ts";
import { logError } from "./log.ts";
import { ResponseStream } from "./stream.ts";

/** The context object of the Node 24 runtime: exactly these members. */
function contextOf(header: InvocationHeader): Record<string, unknown> {
  return { ...commonContext(header), xRayTraceId: header.traceId };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One invocation as the runtime of Node 24 and later runs it: the result is what the handler returns or resolves with; nothing else is waited for. */
export async function invoke24(handler: Handler, event: unknown, header: InvocationHeader): Promise<void> {
  if (handler[streaming] === "response") return stream(handler, event, header);
  try {
    const result = await handler(event, contextOf(header));
    // The runtime lets the event loop turn before it answers: a rejection that nobody handles ends the process before it has.
    await turn();
    answer(serialize(result));
  } catch (error) {
    await turn();
    logError("Invoke Error ", error);
    answerError(error);
  }
}

function serialize(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw new RuntimeError("Runtime.JSONStringifyError", "Unable to stringify response body");
  }
}

async function stream(handler: Handler, event: unknown, header: InvocationHeader): Promise<void> {
  const response = new ResponseStream();
  const ended = finished(response);
  ended.catch(() => undefined);
  try {
    const running = handler(event, response, contextOf(header)) as Promise<unknown> | undefined;
    if (typeof running?.then !== "function") throw new Error("Streaming does not support non-async handlers.");
    const result = await running;
    if (result !== undefined) console.warn("Streaming handlers ignore return values.");
    // The runtime's connection keeps the process alive: a stream that is never ended runs into the timeout.
    hold();
    await ended;
    response.start();
    endStream();
  } catch (error) {
    await turn();
    logError("Invoke Error ", error);
    answerError(error);
  }
}
