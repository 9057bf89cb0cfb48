import nodeModule from "node:module";
import { command, hold, listen, release, report, send } from "./channel.ts";
import type { InvocationHeader } from "./context.ts";
import { describeError, RuntimeError } from "./errors.ts";
import { loadHandler, streaming } from "./handler.ts";
import type { Handler } from "./handler.ts";
import { captureOutput, logError, setRequest } from "./log.ts";
import { endInit22, invoke22, watchBackground22 } from "./loop-22.ts";
import { invoke24 } from "./loop-24.ts";
import { defineStreamingGlobal } from "./stream.ts";

/** What the emulator sends to turn a waiting process into an instance of a function. */
export interface Assignment {
  environment: Record<string, string>;
  root: string;
  handler: string;
  runtime: string;
  compileCache?: string;
}

let handler: Handler | undefined;
let invokeHandler = invoke24;

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
  const callbacks = Number(/^nodejs(\d+)/.exec(assignment.runtime)?.[1] ?? 24) < 24;
  const { AWS_LAMBDA_LOG_FORMAT: format = "Text", AWS_LAMBDA_LOG_LEVEL: level = "TRACE" } = process.env;
  captureOutput({ format, level, noRequest: callbacks ? undefined : "-" });
  defineStreamingGlobal();
  if (callbacks) {
    watchBackground22();
    invokeHandler = invoke22;
  }
  release();
  try {
    handler = await loadHandler(assignment.root, assignment.handler, callbacks);
    if (Boolean(handler[streaming]) && handler[streaming] !== "response")
      throw new RuntimeError("Runtime.MalformedStreamingHandler", "Only response streaming is supported.");
    if (!callbacks && handler[streaming] === undefined && handler.length >= 3) {
      throw new RuntimeError(
        "Runtime.CallbackHandlerDeprecated",
        "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later.",
      );
    }
    send(report.ready);
  } catch (error) {
    logError(callbacks ? "Uncaught Exception " : "Init Error ", error);
    send(report.initError, JSON.stringify(describeError(error)));
  }
  endInit22();
  hold();
}

async function invoke(body: Buffer): Promise<void> {
  const split = 4 + body.readUInt32BE(0);
  const header = JSON.parse(body.toString("utf8", 4, split)) as InvocationHeader;
  setRequest(header.requestId);
  process.env["_X_AMZN_TRACE_ID"] = header.traceId;
  release();
  await invokeHandler(handler as Handler, JSON.parse(body.toString("utf8", split)) as unknown, header);
  hold();
}
