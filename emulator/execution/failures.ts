/** Why an invocation failed, with the payload AWS gives the caller. `function` = the handler's own error. */
export interface Failure {
  kind: "function" | "timeout" | "exit" | "init";
  payload: Buffer;
  errorType?: string;
  /** The process ends after it has told of the error. */
  ended?: boolean;
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export function timeoutError(requestId: string, seconds: number, old: boolean): Failure {
  const text = `Task timed out after ${seconds.toFixed(2)} seconds`;
  if (old) return { kind: "timeout", payload: json({ errorMessage: `${new Date().toISOString()} ${requestId} ${text}` }) };
  return {
    kind: "timeout",
    payload: json({ errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${requestId} Error: ${text}` }),
  };
}

export function exitError(requestId: string, code: number | null, signal: NodeJS.Signals | null, outOfMemory: boolean): Failure {
  const names: Record<string, string> = {
    SIGKILL: "killed",
    SIGABRT: "aborted",
    SIGSEGV: "segmentation fault",
    SIGTERM: "terminated",
  };
  let text = "Runtime exited without providing a reason";
  if (signal !== null) text = `Runtime exited with error: signal: ${names[signal] ?? signal.slice(3).toLowerCase()}`;
  else if (code !== 0) text = `Runtime exited with error: exit status ${code}`;
  const payload = json({ errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${text}` });
  return { kind: "exit", payload, errorType: outOfMemory ? "Runtime.OutOfMemory" : "Runtime.ExitError" };
}

export function responseTooLarge(limit: number): Failure {
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${limit} bytes).`;
  return { kind: "function", payload: json({ errorMessage, errorType: "Function.ResponseSizeTooLarge" }) };
}

type InitEvent =
  | { kind: "ready" }
  | { kind: "frame"; body: Buffer }
  | { kind: "exit"; code: number | null; signal: NodeJS.Signals | null; outOfMemory: boolean }
  | { kind: "timeout" };

/** What an unsuccessful INIT means to the caller. */
export function initErrorOf(event: InitEvent, requestId: string): Failure {
  if (event.kind === "timeout") return { kind: "timeout", payload: Buffer.alloc(0) };
  if (event.kind === "exit") return { ...exitError(requestId, event.code, event.signal, event.outOfMemory), kind: "init" };
  const payload = event.kind === "frame" ? event.body : json({ errorType: "Runtime.Unknown", errorMessage: "" });
  const errorType = (JSON.parse(payload.toString()) as { errorType?: string }).errorType ?? "Runtime.Unknown";
  return { kind: "init", payload, errorType: /^(Runtime|Function)\.[A-Z]/.test(errorType) ? errorType : "Runtime.Unknown" };
}
