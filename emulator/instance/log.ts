import { format } from "node:util";
import { report, send } from "./channel.ts";
import { describeError } from "./errors.ts";

/** Kinds of log frames: a whole event, or raw bytes of a stream that the emulator splits into lines. */
export const logKind = { event: 1, stdout: 2, stderr: 3 } as const;

const levels = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 } as const;
type Level = keyof typeof levels;

let requestId: string | undefined;

/** Names the invocation that the following lines belong to; undefined outside of one. */
export function setRequest(id: string | undefined): void {
  requestId = id;
}

/** Sends console and raw writes to the emulator in the order they happen, in the format of Lambda's runtime client. */
export function captureOutput(logFormat: string, applicationLevel: string): void {
  const least = levels[applicationLevel.toLowerCase() as Level] ?? 0;
  const json = logFormat === "JSON";
  const write = (level: Level, args: unknown[]): void => {
    if (json && levels[level] < least) return;
    const line = json
      ? jsonLine(level, args)
      : `${new Date().toISOString()}\t${requestId ?? "-"}\t${level.toUpperCase()}\t${format(...args)}`;
    send(report.log, Buffer.of(logKind.event), Buffer.from(line));
  };
  console.log = (...args: unknown[]) => write("info", args);
  console.info = console.log;
  console.debug = (...args: unknown[]) => write("debug", args);
  console.warn = (...args: unknown[]) => write("warn", args);
  console.error = (...args: unknown[]) => write("error", args);
  console.trace = (...args: unknown[]) => write("trace", args);
  captureStream(process.stdout, logKind.stdout);
  captureStream(process.stderr, logKind.stderr);
}

function captureStream(stream: NodeJS.WriteStream, kind: number): void {
  const mark = Buffer.of(kind);
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error) => void),
    done?: (error?: Error) => void,
  ): boolean => {
    const bytes =
      typeof chunk === "string" ? Buffer.from(chunk, typeof encoding === "string" ? encoding : "utf8") : Buffer.from(chunk);
    if (bytes.length > 0) send(report.log, mark, bytes);
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  };
}

/** One console argument becomes the message as it is; several are formatted, and the first Error among them adds its description. */
function jsonLine(level: Level, args: unknown[]): string {
  const line: Record<string, unknown> = { timestamp: new Date().toISOString(), level: level.toUpperCase(), requestId };
  if (args.length === 1) {
    line["message"] = args[0] instanceof Error ? withStack(args[0]) : args[0];
  } else {
    line["message"] = format(...args);
    const error = args.find((arg) => arg instanceof Error);
    if (error !== undefined) Object.assign(line, withStack(error));
  }
  try {
    return JSON.stringify(line);
  } catch {
    line["message"] = format(...args);
    return JSON.stringify(line);
  }
}

function withStack(error: Error): Record<string, unknown> {
  const { errorType, errorMessage, trace } = describeError(error);
  return { errorType, errorMessage, stackTrace: trace };
}

/** Writes the line Lambda's runtime client logs for an error that ended an invocation or INIT. */
export function logError(label: string, error: unknown): void {
  const described = describeError(error);
  const isJson = process.env["AWS_LAMBDA_LOG_FORMAT"] === "JSON";
  const details: Record<string, unknown> = { errorType: described.errorType, errorMessage: described.errorMessage };
  if (error instanceof Error) {
    if ("code" in error) details["code"] = error.code;
    for (const [key, value] of Object.entries(error)) if (!(key in details)) details[key] = value;
  }
  details[isJson ? "stackTrace" : "stack"] = described.trace;
  let text: string;
  try {
    text = JSON.stringify(details);
  } catch {
    text = JSON.stringify({ ...described });
  }
  const now = new Date().toISOString();
  const line = isJson
    ? `{"timestamp":${JSON.stringify(now)},"level":"ERROR","requestId":${JSON.stringify(requestId ?? null)},"message":${text}}`
    : `${now}\t${requestId ?? "-"}\tERROR\t${label}\t${text}`;
  send(report.log, Buffer.of(logKind.event), Buffer.from(line));
}
