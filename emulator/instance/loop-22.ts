import { finished } from "node:stream/promises";
import { answer, answerError, endStream } from "./answer.ts";
import { hold, report, send } from "./channel.ts";
import { commonContext } from "./context.ts";
import type { InvocationHeader } from "./context.ts";
import { describeError, RuntimeError } from "./errors.ts";
import { streaming } from "./handler.ts";
import type { Handler } from "./handler.ts";
import { logError } from "./log.ts";
import { ResponseStream } from "./stream.ts";

/** What happens when the event loop runs empty while an invocation is open. */
let onEmptyLoop: (() => void) | undefined;
/** An invocation is open: background errors are its errors, else those of INIT. */
let open = false;
let initialised = false;

const leftover =
  "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. " +
  "For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes";

/** Errors that nobody caught end the process, after they were reported for the invocation that is open. */
export function watchBackground22(): void {
  const end = (error: unknown, label: string, status: number): void => {
    logError(label, error);
    if (open) send(report.fatal, JSON.stringify(describeError(error)));
    else if (!initialised) send(report.initError, JSON.stringify(describeError(error)));
    process.exit(status);
  };
  process.on("uncaughtException", (error) => end(error, "Uncaught Exception ", 129));
  process.on("unhandledRejection", (reason) => {
    const error = new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason));
    end(Object.assign(error, { reason }), "Unhandled Promise Rejection ", 128);
  });
  process.on("beforeExit", () => {
    const then = onEmptyLoop;
    onEmptyLoop = undefined;
    then?.();
  });
}

/** INIT is over: what fails in the background from here on is no INIT error. */
export function endInit22(): void {
  initialised = true;
}

/**
 * One invocation as the runtimes up to Node 22 run it: a handler answers by its promise, by the callback or by the context's functions; what it returns else
 * is ignored. A callback's result waits for the event loop to run empty, unless the handler has asked otherwise.
 */
export function invoke22(handler: Handler, event: unknown, header: InvocationHeader): Promise<void> {
  return new Promise((resolve) => {
    open = true;
    const over = (): void => {
      open = false;
      onEmptyLoop = undefined;
      resolve();
    };
    if (handler[streaming] === "response") return void stream(handler, event, header, over);
    buffered(handler, event, header, over);
  });
}

function buffered(handler: Handler, event: unknown, header: InvocationHeader, over: () => void): void {
  let called = false;
  let isAsync = false;
  let waits = true;
  const fail = (error: unknown): void => {
    logError("Invoke Error ", error);
    answerError(error);
    over();
  };
  const complete = (result: unknown): void => {
    answer(serialize(result));
    over();
  };
  /** Only the first answer counts; one that could not be serialised was none. */
  const first =
    <T extends unknown[]>(act: (...args: T) => void) =>
    (...args: T): void => {
      if (called) return;
      act(...args);
      called = true;
    };
  const done = first((error: unknown, result: unknown) => (missing(error) ? complete(result) : fail(error)));
  const callback = first((error: unknown, result: unknown) => {
    if (!missing(error)) return fail(error);
    if (!waits) return complete(result);
    onEmptyLoop = () => {
      hold();
      setImmediate(() => complete(result));
    };
  });
  const context = {
    get callbackWaitsForEmptyEventLoop() {
      return waits;
    },
    set callbackWaitsForEmptyEventLoop(value: boolean) {
      waits = value;
    },
    succeed: (result: unknown) => done(null, result),
    fail: (error: unknown) => done(missing(error) ? "handled" : error, null),
    done,
  };
  onEmptyLoop = () => {
    called = true;
    hold();
    if (isAsync) fail(new RuntimeError("Runtime.NodeJsExit", leftover));
    else complete(null);
  };
  try {
    const result = handler(event, Object.assign(context, commonContext(header)), callback);
    if (!isPromise(result)) return;
    isAsync = true;
    result.then(context.succeed, context.fail).catch(context.fail);
  } catch (error) {
    callback(error, undefined);
  }
}

async function stream(handler: Handler, event: unknown, header: InvocationHeader, over: () => void): Promise<void> {
  const response = new ResponseStream();
  const ended = finished(response);
  ended.catch(() => undefined);
  const context = Object.assign({ callbackWaitsForEmptyEventLoop: true }, commonContext(header));
  const end = (act: () => void): void => {
    const finish = (): void => {
      hold();
      act();
      over();
    };
    if (context.callbackWaitsForEmptyEventLoop) onEmptyLoop = finish;
    else finish();
  };
  try {
    const running = handler(event, response, context);
    if (!isPromise(running)) throw new Error("Streaming does not support non-async handlers.");
    if ((await running) !== undefined) console.warn("Streaming handlers ignore return values.");
    // The runtime's connection keeps the process alive until the stream is ended.
    const alive = setInterval(() => undefined, 1_000_000);
    await ended.finally(() => clearInterval(alive));
    end(() => {
      response.start();
      endStream();
    });
  } catch (error) {
    logError("Invoke Error ", error);
    end(() => answerError(error));
  }
}

function serialize(result: unknown): string {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

const missing = (error: unknown): boolean => error === undefined || error === null;

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
