import { format } from "node:util";
import { report, send } from "./channel.ts";
import { describeError } from "./errors.ts";

/** Kinds of log frames: a whole event, or raw bytes of a stream that the emulator splits into lines. */
export const logKind = { event: 1, stdout: 2, stderr: 3 } as const;

const levels = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 } as const;
type Level = keyof typeof levels;

let requestId: string | undefined;
let json = false;

/** Names the invocation that the following lines belong to: until the next one begins, as what is left over of it may write too. */
export function setRequest(id: string): void {
  requestId = id;
}

/** How lines are written: `noRequest` stands where no invocation has begun yet. */
export interface LogOptions {
  format: string;
  level: string;
  noRequest: string | undefined;
}

/** Sends console and raw writes to the emulator in the order they happen, in the format of Lambda's runtime client. */
export function captureOutput(options: LogOptions): void {
  const least = levels[options.level.toLowerCase() as Level] ?? 0;
  json = options.format.toUpperCase() === "JSON";
  requestId = options.noRequest;
  const writer = (level: Level) => (levels[level] < least ? (): void => {} : (...args: unknown[]): void => write(level, args));
  console.info = writer("info");
  console.log = console.info;
  for (const level of ["trace", "debug", "warn", "error"] as const) console[level] = writer(level);
  Object.assign(console, { fatal: writer("fatal") });
  captureStream(process.stdout, logKind.stdout);
  captureStream(process.stderr, logKind.stderr);
}

function write(level: Level, args: unknown[]): void {
  const now = new Date().toISOString();
  const line = json ? jsonLine(now, level, args) : `${now}\t${requestId}\t${level.toUpperCase()}\t${format(...args)}`;
  send(report.log, Buffer.of(logKind.event), line);
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
function jsonLine(timestamp: string, level: Level, args: unknown[]): string {
  const line: Record<string, unknown> = { timestamp, level: level.toUpperCase(), requestId };
  if (args.length === 1) {
    line["message"] = args[0];
    try {
      return JSON.stringify(line, describeErrors);
    } catch {
      line["message"] = format(args[0]);
      return JSON.stringify(line);
    }
  }
  line["message"] = format(...args);
  const error = args.find((arg) => arg instanceof Error);
  return JSON.stringify(error === undefined ? line : { ...line, ...withStack(error) });
}

const withStack = (error: Error): Record<string, unknown> => ({
  errorType: error.constructor?.name ?? "UnknownError",
  errorMessage: error.message,
  stackTrace: typeof error.stack === "string" ? error.stack.split("\n") : [],
});

/** Errors anywhere in a message become objects with their own members, too. */
function describeErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? Object.assign(withStack(value), value) : value;
}

/** Writes the line Lambda's runtime client logs for an error that ended an invocation or INIT. */
export function logError(label: string, thrown: unknown): void {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (json) return write("error", [error]);
  // The label may not be taken for a format.
  write("error", ["%s", `${label}\t${textOf(error)}`]);
}

/** An error with its own members as JSON; those that have none get the description alone. */
function textOf(error: Error): string {
  try {
    return JSON.stringify(error, (_key, value: unknown) => (value instanceof Error ? withOwn(value) : value));
  } catch {
    return JSON.stringify(describeError(error));
  }
}

function withOwn(error: Error): Record<string, unknown> {
  const { code } = error as NodeJS.ErrnoException;
  const all: Record<string, unknown> = { errorType: error.name, errorMessage: error.message, code };
  Object.assign(all, error);
  if (typeof error.stack === "string") all["stack"] = error.stack.split("\n");
  return all;
}
