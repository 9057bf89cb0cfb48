import { afterAll, beforeAll, expect, test } from "vitest";
import { InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import { createFunction, invoke, logLines, moduleZip, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess, Invoked } from "./lambda/emulator-process.ts";

/** What the runtime client of Node 22 does and that of Node 24 does not: answers by callback and context, empty event loops, errors that nobody caught. */
const source = `
let calls = 0;
export const handler = (event, context, callback) => {
  calls++;
  if (event.waits === false) context.callbackWaitsForEmptyEventLoop = false;
  const act = {
    callback: () => callback(null, { calls }),
    error: () => callback(new RangeError("by callback")),
    succeed: () => context.succeed("by succeed"),
    fail: () => context.fail(new TypeError("by fail")),
    failEmpty: () => context.fail(),
    done: () => context.done(null, "by done"),
    twice: () => { callback(null, 1); callback(null, 2); },
    returned: () => undefined,
    timer: () => { globalThis.fired = false; setTimeout(() => { globalThis.fired = true; console.log("timer"); }, 80); callback(null, { set: () => 0, fired: undefined }); },
    promise: () => undefined,
    circular: () => { const a = {}; a.a = a; callback(null, a); },
    throws: () => { throw new SyntaxError("at once"); },
    background: () => void setTimeout(() => { throw new Error("late"); }, 5),
    rejected: () => void Promise.reject(new Error("nobody listens")),
    keys: () => callback(null, { keys: Object.keys(context).sort(), waits: context.callbackWaitsForEmptyEventLoop }),
  }[event.act];
  act();
  return event.act === "returned" ? "ignored" : undefined;
};
export const later = async (event) => {
  if (event.never) await new Promise(() => {});
  if (event.floating) void Promise.reject(new Error("floating"));
  if (event.circular) { const a = {}; a.a = a; return a; }
  return process.pid;
};
export const streamed = awslambda.streamifyResponse(async (event, stream, context) => { stream.write("a"); stream.end(String(context.callbackWaitsForEmptyEventLoop)); });
export default { inner: async () => 1 };
`;
let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast");
  for (const [name, handler, runtime] of [
    ["callback22", "index.handler", "nodejs22.x"],
    ["async22", "index.later", "nodejs22.x"],
    ["stream22", "index.streamed", "nodejs22.x"],
    ["default22", "index.inner", "nodejs22.x"],
    ["async24", "index.later", "nodejs24.x"],
    ["default24", "index.inner", "nodejs24.x"],
  ] as const)
    await createFunction(emulator.lambda, name, moduleZip(source), { Handler: handler, Runtime: runtime, Timeout: 3 });
});
afterAll(async () => {
  expect(await emulator.stop()).toBe(0);
});

const call = (act: string, more: object = {}): Promise<Invoked> => invoke(emulator.lambda, "callback22", { act, ...more });

test("callback, succeed, fail and done answer; the first answer counts", async () => {
  expect((await call("callback")).value).toEqual({ calls: 1 });
  expect(await call("error")).toMatchObject({
    error: "Unhandled",
    value: { errorType: "RangeError", errorMessage: "by callback" },
  });
  expect((await call("succeed")).value).toBe("by succeed");
  expect(await call("fail")).toMatchObject({ error: "Unhandled", value: { errorType: "TypeError", errorMessage: "by fail" } });
  expect(await call("failEmpty")).toMatchObject({ value: { errorType: "string", errorMessage: "handled" } });
  expect((await call("done")).value).toBe("by done");
  expect((await call("twice")).value).toBe(1);
  expect(await call("throws")).toMatchObject({ value: { errorType: "SyntaxError", errorMessage: "at once" } });
});

test("a plain return value is ignored: without an answer the result is null when the event loop is empty", async () => {
  expect((await call("returned")).value).toBeNull();
});

test("a callback's result waits for the event loop to run empty, unless the handler says otherwise", async () => {
  const before = performance.now();
  await call("timer");
  expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  expect((await logLines(emulator.logs, "callback22")).filter((line) => line.endsWith("\ttimer"))).toHaveLength(1);
  const answer = await invoke(emulator.lambda, "callback22", { act: "timer", waits: false }, { LogType: "Tail" });
  expect(answer.tail).not.toContain("\ttimer");
});

test("errors that nobody caught are the invocation's, and end the process", async () => {
  expect(await call("background")).toMatchObject({ error: "Unhandled", value: { errorType: "Error", errorMessage: "late" } });
  expect((await call("callback")).value).toEqual({ calls: 1 });
  expect(await call("rejected")).toMatchObject({
    value: { errorType: "Runtime.UnhandledPromiseRejection", errorMessage: "Error: nobody listens" },
  });
  expect((await call("callback")).value).toEqual({ calls: 1 });
});

test("a promise that is never settled is an error of its own; under Node 24 the process ends", async () => {
  expect(await invoke(emulator.lambda, "async22", { never: true })).toMatchObject({ value: { errorType: "Runtime.NodeJsExit" } });
  expect(await invoke(emulator.lambda, "async24", { never: true })).toMatchObject({ value: { errorType: "Runtime.ExitError" } });
});

test("a rejection that nobody handles comes after the answer under Node 22, before it under Node 24", async () => {
  expect((await invoke(emulator.lambda, "async22", { floating: true })).error).toBeUndefined();
  expect(await invoke(emulator.lambda, "async24", { floating: true })).toMatchObject({
    value: { errorType: "Runtime.ExitError", errorMessage: expect.stringMatching(/exit status 1$/) as never },
  });
});

test("a result that is no JSON", async () => {
  expect(await invoke(emulator.lambda, "async22", { circular: true })).toMatchObject({
    value: { errorType: "Error", errorMessage: "Unable to stringify response body" },
  });
  expect(await invoke(emulator.lambda, "async24", { circular: true })).toMatchObject({
    value: { errorType: "Runtime.JSONStringifyError", errorMessage: "Unable to stringify response body" },
  });
});

test("the context has the older members, streaming handlers theirs", async () => {
  const { keys, waits } = (await call("keys")).value as { keys: string[]; waits: boolean };
  expect(waits).toBe(true);
  expect(keys).toEqual(expect.arrayContaining(["callbackWaitsForEmptyEventLoop", "done", "fail", "succeed", "awsRequestId"]));
  expect(keys).not.toContain("xRayTraceId");
  const answer = await emulator.lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "stream22" }));
  let text = "";
  for await (const part of answer.EventStream ?? []) text += Buffer.from(part.PayloadChunk?.Payload ?? []).toString();
  expect(text).toBe("atrue");
});

test("handlers of a default export are found from Node 24 on", async () => {
  expect(await invoke(emulator.lambda, "default22")).toMatchObject({ value: { errorType: "Runtime.HandlerNotFound" } });
  expect((await invoke(emulator.lambda, "default24")).value).toBe(1);
});
