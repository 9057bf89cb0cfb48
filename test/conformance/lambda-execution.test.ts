import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
  InvokeWithResponseStreamCommand,
} from "@aws-sdk/client-lambda";
import {
  createFunction,
  handlerZip,
  invoke,
  logLines,
  moduleZip,
  startEmulatorProcess,
  until,
} from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast");
});
afterAll(async () => {
  expect(await emulator.stop()).toBe(0);
});

const errorOf = (value: unknown): { errorType?: string; errorMessage?: string; trace?: string[] } => value as never;

test("the log holds platform and function lines of an invocation in order, and the tail is their end", async () => {
  const { lambda, logs } = emulator;
  await createFunction(
    lambda,
    "lines",
    handlerZip(
      `console.log("one", { a: 1 }); process.stdout.write("raw\\npart"); process.stdout.write("ly\\n"); console.error("two\\nlines"); return event;`,
    ),
  );
  const answer = await invoke(lambda, "lines", { x: 1 }, { LogType: "Tail" });
  expect(answer).toMatchObject({ status: 200, error: undefined, version: "$LATEST", value: { x: 1 } });
  const lines = await logLines(logs, "lines");
  const shape = lines.map((line) =>
    line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "ID").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"),
  );
  expect(shape.slice(1, -1)).toEqual([
    "START RequestId: ID Version: $LATEST",
    "TIME\tID\tINFO\tone { a: 1 }",
    "raw",
    "partly",
    "TIME\tID\tERROR\ttwo\nlines",
    "END RequestId: ID",
  ]);
  expect(shape[0]).toMatch(/^INIT_START Runtime Version: nodejs:24/);
  expect(shape.at(-1)).toMatch(
    /^REPORT RequestId: ID\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms$/,
  );
  expect(answer.tail.trimEnd().split("\n").at(-1)?.trimEnd()).toBe(lines.at(-1));
});

test("billed duration is the rounded sum of duration and INIT", async () => {
  const report = (await logLines(emulator.logs, "lines")).find((line) => line.startsWith("REPORT")) ?? "";
  const number = (name: string): number => Number(new RegExp(`\\t${name}: ([\\d.]+)`).exec(report)?.[1]);
  expect(Math.abs(number("Billed Duration") - Math.ceil(number("Duration") + number("Init Duration")))).toBeLessThanOrEqual(1);
});

test("output of child processes and of writes past the stream is logged before REPORT", async () => {
  const { lambda, logs } = emulator;
  await createFunction(
    lambda,
    "raw",
    moduleZip(`import { writeSync } from "node:fs"; import { execFileSync } from "node:child_process";
      export const handler = () => { writeSync(1, "x".repeat(100000) + "\\nsmall\\n"); execFileSync("echo", ["from a child"], { stdio: "inherit" }); return 1; };`),
  );
  await invoke(lambda, "raw");
  const lines = await logLines(logs, "raw");
  const end = lines.findIndex((line) => line.startsWith("END"));
  expect(lines.slice(2, end).map((line) => (line.length > 100 ? line.length : line))).toEqual([100_000, "small", "from a child"]);
});

test("the context is that of the Node 24 runtime, with the caller's qualifier and its client context", async () => {
  const { lambda } = emulator;
  await createFunction(
    lambda,
    "context",
    handlerZip(`return { keys: Object.keys(context).sort(), context, left: context.getRemainingTimeInMillis() };`),
    { Timeout: 7, MemorySize: 256 },
  );
  const clientContext = Buffer.from(JSON.stringify({ custom: { a: 1 } })).toString("base64");
  const { value } = await invoke(lambda, "context:$LATEST", {}, { ClientContext: clientContext });
  const { keys, context, left } = value as { keys: string[]; context: Record<string, unknown>; left: number };
  expect(keys).toEqual([
    "awsRequestId",
    "clientContext",
    "functionName",
    "functionVersion",
    "getRemainingTimeInMillis",
    "identity",
    "invokedFunctionArn",
    "logGroupName",
    "logStreamName",
    "memoryLimitInMB",
    "tenantId",
    "xRayTraceId",
  ]);
  expect(context).toMatchObject({
    functionName: "context",
    functionVersion: "$LATEST",
    memoryLimitInMB: "256",
    clientContext: { custom: { a: 1 } },
    invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:context:$LATEST",
  });
  expect(left).toBeGreaterThan(5_000);
  expect(left).toBeLessThanOrEqual(7_000);
});

test("the environment is Lambda's and the function's own, and none of the user's", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "env", handlerZip(`return { env: process.env, cwd: process.cwd() };`), {
    Environment: { Variables: { MINE: "1", TZ: "Europe/Berlin" } },
  });
  const { env, cwd } = (await invoke(lambda, "env")).value as { env: Record<string, string>; cwd: string };
  expect(env).toMatchObject({
    MINE: "1",
    TZ: "Europe/Berlin",
    AWS_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_NAME: "env",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    _HANDLER: "index.handler",
    AWS_ENDPOINT_URL_LAMBDA: emulator.endpoint,
  });
  expect(cwd).toBe(env["LAMBDA_TASK_ROOT"]);
  expect(env["HOME"]).toBeUndefined();
  expect(env["AWS_ACCESS_KEY_ID"]).not.toBe(process.env["AWS_ACCESS_KEY_ID"] ?? "none");
});

describe("failures", () => {
  const code = `if (event.kind === "throw") throw new TypeError("boom");
    if (event.kind === "string") throw "text";
    if (event.kind === "exit") process.exit(event.code);
    if (event.kind === "spin") { console.log("spinning"); for (;;); }
    if (event.kind === "never") await new Promise(() => {});
    if (event.kind === "circular") { const a = {}; a.a = a; return a; }
    if (event.kind === "large") return "x".repeat(event.size);
    if (event.kind === "background") { setTimeout(() => { throw new Error("late"); }, 5); await new Promise((r) => setTimeout(r, 2000)); }
    if (event.kind === "eat") { const all = []; for (;;) { all.push(Buffer.alloc(8e6, 1)); await new Promise((r) => setTimeout(r, 2)); } }
    return { count: ++count, pid: process.pid, tmp: process.env.TMPDIR };`;
  beforeAll(() => createFunction(emulator.lambda, "failing", handlerZip(code, "let count = 0;"), { Timeout: 1 }));
  const failing = async (event: object): Promise<{ error: ReturnType<typeof errorOf>; report: string; tail: string }> => {
    const answer = await invoke(emulator.lambda, "failing", event, { LogType: "Tail" });
    expect(answer).toMatchObject({ status: 200, error: "Unhandled" });
    return { error: errorOf(answer.value), report: answer.tail.trimEnd().split("\n").at(-1) ?? "", tail: answer.tail };
  };

  test("a thrown error carries its type, message and trace, and does not end the instance", async () => {
    const before = (await invoke(emulator.lambda, "failing")).value as { pid: number };
    const { error, report } = await failing({ kind: "throw" });
    expect(error).toMatchObject({ errorType: "TypeError", errorMessage: "boom" });
    expect(error.trace?.[0]).toBe("TypeError: boom");
    expect(report).not.toContain("Status");
    expect((await failing({ kind: "string" })).error).toEqual({ errorType: "string", errorMessage: "text", trace: [] });
    expect(((await invoke(emulator.lambda, "failing")).value as { pid: number }).pid).toBe(before.pid);
  });

  test("an exit is reported with its status, and the next request meets a new process in the same environment", async () => {
    const before = (await invoke(emulator.lambda, "failing")).value as { pid: number; tmp: string };
    const { error, report } = await failing({ kind: "exit", code: 7 });
    expect(error.errorType).toBe("Runtime.ExitError");
    expect(error.errorMessage).toMatch(/^RequestId: \S+ Error: Runtime exited with error: exit status 7$/);
    expect(report).toContain("Status: error\tError Type: Runtime.ExitError");
    const after = await invoke(emulator.lambda, "failing", {}, { LogType: "Tail" });
    expect(after.value).toMatchObject({ count: 1, tmp: before.tmp });
    expect((after.value as { pid: number }).pid).not.toBe(before.pid);
    expect(after.tail).not.toContain("INIT_START");
    expect(after.tail).not.toContain("Init Duration");
  });

  test.each([{ kind: "exit", code: 0 }, { kind: "never" }])("an end without a reason: %o", async (event) => {
    expect((await failing(event)).error.errorMessage).toMatch(/Error: Runtime exited without providing a reason$/);
  });

  test("an uncaught error in the background ends the process with status 1", async () => {
    expect((await failing({ kind: "background" })).error.errorMessage).toMatch(/exit status 1$/);
  });

  test("a timeout ends even a spinning handler, and what it wrote is in the log", async () => {
    const { error, report, tail } = await failing({ kind: "spin" });
    expect(error.errorType).toBe("Sandbox.Timedout");
    expect(error.errorMessage).toMatch(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/);
    expect(report).toMatch(/\tDuration: 10\d\d\.\d\d ms\t.*\tStatus: timeout\t?$/);
    expect(tail).toContain("spinning");
    expect((await invoke(emulator.lambda, "failing")).value).toMatchObject({ count: 1 });
  });

  test("memory past the limit ends the process", async () => {
    const { error, report } = await failing({ kind: "eat" });
    expect(error.errorMessage).toMatch(/Runtime exited with error: signal: killed$/);
    expect(report).toContain("Max Memory Used: 128 MB");
    expect(report).toContain("Error Type: Runtime.OutOfMemory");
  });

  test("a result that is no JSON, and one over 6 MB", async () => {
    expect((await failing({ kind: "circular" })).error.errorType).toBe("Runtime.JSONStringifyError");
    expect((await failing({ kind: "large", size: 6_291_555 })).error).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    });
    expect((await invoke(emulator.lambda, "failing", { kind: "large", size: 6_291_554 })).error).toBeUndefined();
  });
});

test.each([
  ["missing module", `import "./nowhere.mjs"; export const handler = () => 1;`, "index.handler", "Runtime.ImportModuleError"],
  ["missing file", `export const handler = () => 1;`, "other.handler", "Runtime.ImportModuleError"],
  ["missing export", `export const other = () => 1;`, "index.handler", "Runtime.HandlerNotFound"],
  ["syntax error", `export const handler = (`, "index.handler", "Runtime.UserCodeSyntaxError"],
  [
    "callback",
    `export const handler = (event, context, callback) => callback();`,
    "index.handler",
    "Runtime.CallbackHandlerDeprecated",
  ],
  ["throwing module", `throw new RangeError("at load"); export const handler = () => 1;`, "index.handler", "RangeError"],
])("INIT fails: %s", async (title, source, handler, errorType) => {
  const name = `init-${title.replaceAll(" ", "-")}`;
  await createFunction(emulator.lambda, name, moduleZip(source), { Handler: handler });
  const answer = await invoke(emulator.lambda, name, {}, { LogType: "Tail" });
  expect(answer).toMatchObject({ status: 200, error: "Unhandled" });
  expect(errorOf(answer.value).errorType).toBe(errorType);
  const lines = await logLines(emulator.logs, name);
  expect(lines.filter((line) => line.startsWith("INIT_REPORT")).map((line) => /Phase: (\w+)/.exec(line)?.[1])).toEqual([
    "init",
    "invoke",
  ]);
});

test("CommonJS, nested handlers and default exports load", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "cjs", moduleZip(`exports.api = { handler: async () => typeof require };`, "src/app.js"), {
    Handler: "src/app.api.handler",
  });
  expect((await invoke(lambda, "cjs")).value).toBe("function");
  await createFunction(lambda, "default-export", moduleZip(`export default { handler: () => 5 };`));
  expect((await invoke(lambda, "default-export")).value).toBe(5);
});

test("an update makes the next request cold, with the new environment", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "updated", handlerZip(`return { value: process.env.VALUE, pid: process.pid };`), {
    Environment: { Variables: { VALUE: "a" } },
  });
  const before = (await invoke(lambda, "updated")).value as { value: string; pid: number };
  await lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "updated", Environment: { Variables: { VALUE: "b" } } }),
  );
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 10 }, { FunctionName: "updated" });
  const after = (await invoke(lambda, "updated")).value as { value: string; pid: number };
  expect([before.value, after.value]).toEqual(["a", "b"]);
  expect(after.pid).not.toBe(before.pid);
  await until("the old instance is gone", () => {
    try {
      return !process.kill(before.pid, 0);
    } catch {
      return true;
    }
  });
});

test("a streaming handler's chunks come through, and its failure comes in the last event", async () => {
  const { lambda } = emulator;
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    stream.write("a"); await new Promise((r) => setTimeout(r, 20)); stream.write("b");
    if (event.fail) throw new Error("midway");
    stream.end("c");
  });`;
  await createFunction(lambda, "streaming", moduleZip(source));
  const read = async (
    event: object,
  ): Promise<{ text: string; chunks: number; complete: { ErrorCode?: string; ErrorDetails?: string } | undefined }> => {
    const answer = await lambda.send(
      new InvokeWithResponseStreamCommand({ FunctionName: "streaming", Payload: JSON.stringify(event) }),
    );
    const read = { text: "", chunks: 0, complete: undefined as { ErrorCode?: string } | undefined };
    for await (const part of answer.EventStream ?? []) {
      if (part.PayloadChunk?.Payload !== undefined) {
        read.text += Buffer.from(part.PayloadChunk.Payload).toString();
        read.chunks++;
      }
      if (part.InvokeComplete !== undefined) read.complete = part.InvokeComplete;
    }
    return read;
  };
  expect(await read({})).toMatchObject({ text: "abc", chunks: 3, complete: {} });
  const failed = await read({ fail: true });
  expect(failed.text).toBe("ab");
  expect(failed.complete?.ErrorCode).toBe("Error");
  const whole = await lambda.send(new InvokeCommand({ FunctionName: "streaming" }));
  expect(Buffer.from(whole.Payload ?? []).toString()).toBe("abc");
});

test("JSON logging: records of the platform and the function, by level", async () => {
  const { lambda, logs } = emulator;
  await createFunction(
    lambda,
    "json-log",
    handlerZip(`console.debug("hidden"); console.log({ a: 1 }); console.log("two", new Error("bad")); return 1;`),
    { LoggingConfig: { LogFormat: "JSON" } },
  );
  await invoke(lambda, "json-log");
  const records = (await logLines(logs, "json-log")).map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records.map((record) => record["type"] ?? record["level"])).toEqual([
    "platform.initStart",
    "platform.start",
    "INFO",
    "INFO",
    "platform.report",
  ]);
  expect(records[2]?.["message"]).toEqual({ a: 1 });
  expect(records[3]).toMatchObject({ errorType: "Error", errorMessage: "bad" });
});

test("the emulator turns away other hosts and origins", async () => {
  const list = `${emulator.endpoint}/2015-03-31/functions`;
  expect((await fetch(list)).status).toBe(200);
  expect((await fetch(list, { headers: { origin: "https://example.com" } })).status).toBe(403);
  expect((await fetch(list, { headers: { origin: "null" } })).status).toBe(403);
  const { request } = await import("node:http");
  const status = await new Promise((resolve) =>
    request(list, { headers: { host: "evil.example.com" } }, (answer) => resolve(answer.resume().statusCode)).end(),
  );
  expect(status).toBe(403);
});
