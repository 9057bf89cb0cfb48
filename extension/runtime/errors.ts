/** How errors cross from one task to another: by name and message alone, as Lambda's error payload carries them. */

/** Lambda's error payload, as far as a caller is told. */
export interface ErrorPayload {
  errorType?: string | undefined;
  errorMessage?: string | undefined;
}

/**
 * What Lambda's Node runtime (its client 4.x) makes of whatever a handler threw. Values that are no errors are named by
 * their type; an error whose name or message cannot be read as text gets the runtime's own words.
 */
export function describeThrown(thrown: unknown): ErrorPayload {
  try {
    if (thrown instanceof Error) return { errorType: escapeDelete(thrown.name), errorMessage: escapeDelete(thrown.message) };
    return { errorType: typeof thrown, errorMessage: String(thrown) };
  } catch {
    return {
      errorType: "handled",
      errorMessage:
        "callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack",
    };
  }
}

/** The runtime writes DEL as %7F, which may not stand in its headers. Throws for what is not text, as the runtime does. */
function escapeDelete(text: string | undefined): string | undefined {
  return text?.replaceAll("\u007F", "%7F");
}

/** The error a caller gets: a plain Error with that name and message, no subclass, code or cause. */
export function plainError({ errorType, errorMessage }: ErrorPayload): Error {
  const error = new Error(typeof errorMessage === "string" ? errorMessage : "");
  // Like the name of built-in errors, it is not enumerable.
  if (typeof errorType === "string")
    Object.defineProperty(error, "name", { value: errorType, configurable: true, writable: true });
  return error;
}

const origins = new WeakMap<Error, unknown>();

/** Takes an error across, as a remote call would. */
export function crossError(thrown: unknown): Error {
  return cameFrom(plainError(describeThrown(thrown)), thrown);
}

/** Remembers what an error stands for: no task gets to see it. */
export function cameFrom(error: Error, origin: unknown): Error {
  origins.set(error, origin);
  return error;
}

/** What an error stands for in the end: what was thrown, what came back from another function, or a fault of the service. */
export function originOfError(error: unknown): unknown {
  let origin = error;
  while (origin instanceof Error && origins.has(origin)) origin = origins.get(origin);
  return origin;
}

/** A call that the service refused: nothing ran. */
export class Refusal {
  /** HTTP status. */
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}

/** A request to another function that failed itself: refused by the service, or never answered. */
export class RequestFault {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** The error payload that another function's runtime wrote. */
export class RemotePayload {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The error as the runtime is to report it: itself, unless runtimes differ in what they make of it. */
export function reportable(thrown: unknown): unknown {
  if (verbatim && !(thrown instanceof Error)) return thrown;
  try {
    if (thrown instanceof Error && typeof thrown.name === "string" && typeof thrown.message === "string") return thrown;
  } catch {
    // Its name or message throws.
  }
  return crossError(thrown);
}

let unserializableType = "Runtime.JSONStringifyError";
let verbatim = false;

/** The tasks are plain Lambda handlers: what they throw is reported as it is, in their runtime's words. */
export function reportAsPlainHandlers(options: { unserializable?: string }): void {
  unserializableType = options.unserializable ?? unserializableType;
  verbatim = true;
}

/** What a caller gets when the result cannot be written as JSON: the runtime's own error, whatever the reason. */
export function unserializableResult(): Error {
  return plainError({ errorType: unserializableType, errorMessage: "Unable to stringify response body" });
}

/** What the Invoke API answers to a payload over the limit. `limit` in bytes. */
export function requestTooLarge(limit: number): Error {
  const error = plainError({
    errorType: "RequestTooLargeException",
    errorMessage: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
  });
  return cameFrom(error, new Refusal(413));
}

/** What a caller gets for a result over the limit. `limit` in bytes. */
export function responseTooLarge(limit: number): Error {
  return plainError({
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  });
}

/** What a caller gets when the callee's time is up. `timeout` in ms. */
export function timedOut(requestId: string, timeout: number): Error {
  return plainError({
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeout / 1000).toFixed(2)} seconds`,
  });
}
