import nodeModule from "node:module";
import { finished } from "node:stream/promises";
import { command, hold, listen, release, report, send } from "./channel.ts";
import { createContext } from "./context.ts";
import type { InvocationHeader } from "./context.ts";
import { describeError, RuntimeError } from "./errors.ts";
import { loadHandler, streaming } from "./handler.ts";
import type { Handler } from "./handler.ts";
import { captureOutput, logError, setRequest } from "./log.ts";
import { defineStreamingGlobal, ResponseStream } from "./stream.ts";

/** What the emulator sends to turn a waiting process into an instance of a function. */
export interface Assignment {
  environment: Record<string, string>;
  root: string;
  handler: string;
  runtime: string;
  compileCache?: string;
}

let handler: Handler | undefined;

listen((type, body) => {
  if (type === command.init) void initialise(JSON.parse(body.toString()) as Assignment);
  else if (type === command.invoke) void invoke(body);
  else if (type === command.flushCache) nodeModule.flushCompileCache?.();
});
send(report.started);

async function initialise(assignment: Assignment): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, assignment.environment);
  process.title = `node ${assignment.environment["AWS_LAMBDA_FUNCTION_NAME"] ?? ""}`;
  process.chdir(assignment.root);
  if (assignment.compileCache !== undefined) nodeModule.enableCompileCache?.(assignment.compileCache);
  captureOutput(process.env["AWS_LAMBDA_LOG_FORMAT"] ?? "Text", process.env["AWS_LAMBDA_LOG_LEVEL"] ?? "TRACE");
  defineStreamingGlobal();
  release();
  try {
    handler = await loadHandler(assignment.root, assignment.handler);
    if (handler[streaming] !== true && handler.length >= 3) {
      throw new RuntimeError(
        "Runtime.CallbackHandlerDeprecated",
        "AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
      );
    }
    send(report.ready);
  } catch (error) {
    logError("Uncaught Exception ", error);
    send(report.initError, Buffer.from(JSON.stringify(describeError(error))));
  }
  hold();
}

async function invoke(body: Buffer): Promise<void> {
  const split = 4 + body.readUInt32BE(0);
  const header = JSON.parse(body.toString("utf8", 4, split)) as InvocationHeader;
  setRequest(header.requestId);
  process.env["_X_AMZN_TRACE_ID"] = header.traceId;
  release();
  try {
    const event: unknown = JSON.parse(body.toString("utf8", split));
    if (handler?.[streaming] === true) await stream(handler, event, header);
    else respond(await handler?.(event, createContext(header)));
  } catch (error) {
    logError("Invoke Error ", error);
    send(report.error, memory(), Buffer.from(JSON.stringify(describeError(error))));
  }
  setRequest(undefined);
  hold();
}

function respond(result: unknown): void {
  let text: string;
  try {
    text = JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch (error) {
    throw new RuntimeError(
      "Runtime.JSONStringifyError",
      `Unable to stringify response body as json: ${(error as Error).message}`,
    );
  }
  send(report.response, memory(), Buffer.from(text));
}

async function stream(handler: Handler, event: unknown, header: InvocationHeader): Promise<void> {
  const response = new ResponseStream();
  const ended = finished(response);
  ended.catch(() => undefined);
  await handler(event, response, createContext(header));
  if (!response.writableEnded) response.end();
  await ended;
  response.start();
  send(report.streamEnd, memory());
}

/** Resident memory in bytes where the emulator cannot read it from the kernel itself; else 0. */
function memory(): Buffer {
  const bytes = Buffer.alloc(8);
  if (process.platform !== "linux") bytes.writeDoubleBE(process.resourceUsage().maxRSS * 1024);
  return bytes;
}
