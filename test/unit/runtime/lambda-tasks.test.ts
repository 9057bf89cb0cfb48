/** Plain handlers as tasks: what Lambda's Node.js 22 and 24 runtimes make of what a handler gives back. */
import { afterEach, describe, expect, it } from "vitest";
import type { TaskContext } from "../../../extension/runtime/context.ts";
import { lambdaTask } from "../../../extension/runtime/lambda-tasks.ts";
import { handlerOf, type TaskHandler } from "../../../extension/runtime/registry.ts";

const before = process.env["AWS_EXECUTION_ENV"];
let count = 0;

afterEach(() => {
  if (before === undefined) delete process.env["AWS_EXECUTION_ENV"];
  else process.env["AWS_EXECUTION_ENV"] = before;
});

const context = { awsRequestId: "1", functionName: "f", getRemainingTimeInMillis: () => 1, trace: { id: "t", span: "s" } };

async function answer(node: number, handler: unknown): Promise<unknown> {
  process.env["AWS_EXECUTION_ENV"] = `AWS_Lambda_nodejs${node}.x`;
  const name = `plain${count++}`;
  lambdaTask(name, { handler }, "handler");
  return await (handlerOf(name) as TaskHandler<unknown>)({ n: 1 }, context as unknown as TaskContext);
}

type Callback = (error: unknown, result?: unknown) => void;
interface OldContext {
  succeed: (result: unknown) => void;
  fail: (error: unknown) => void;
}

describe("on Node.js 22", () => {
  it.each<[string, unknown, unknown]>([
    ["a promise", async () => 1, 1],
    ["a callback, though a value is returned", (_e: unknown, _c: unknown, done: Callback) => (done(null, 2), 3), 2],
    ["the first of two callbacks", (_e: unknown, _c: unknown, done: Callback) => (done(null, 1), done(null, 2)), 1],
    ["context.succeed", (_e: unknown, c: OldContext) => c.succeed(4), 4],
    ["a plain value, which is no answer", () => 5, null],
  ])("takes %s", async (_what, handler, expected) => {
    expect(await answer(22, handler)).toBe(expected);
  });

  it.each<[string, unknown, unknown]>([
    [
      "what is thrown at once",
      () => {
        throw new RangeError("no");
      },
      new RangeError("no"),
    ],
    ["a callback's error", (_e: unknown, _c: unknown, done: Callback) => done("text"), "text"],
    ["nothing, thrown", async () => Promise.reject(undefined), "handled"],
    ["context.fail without an error", (_e: unknown, c: OldContext) => c.fail(null), "handled"],
  ])("fails by %s", async (_what, handler, expected) => {
    await expect(answer(22, handler)).rejects.toEqual(expected);
  });
});

describe("on Node.js 24", () => {
  it("takes a plain value", async () => {
    expect(await answer(24, () => 5)).toBe(5);
  });

  it("refuses a handler that takes a callback", async () => {
    const handler = (_e: unknown, _c: unknown, done: Callback) => done(null);
    await expect(answer(24, handler)).rejects.toMatchObject({ name: "Runtime.CallbackHandlerDeprecated" });
  });
});

it("hides the trace from handlers that do not know of it", async () => {
  expect(await answer(24, (_e: unknown, own: object) => "trace" in own)).toBe(false);
});

it("follows the handler's path, in the default export of CommonJS too", async () => {
  process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs22.x";
  lambdaTask("nested", { default: { api: { get: async () => "found" } } }, "api.get");
  expect(await (handlerOf("nested") as TaskHandler<unknown>)({}, context as unknown as TaskContext)).toBe("found");
  expect(() => lambdaTask("missing", {}, "api.get")).toThrow(
    expect.objectContaining({ name: "Runtime.HandlerNotFound", message: "api.get of task missing is undefined or not exported" }),
  );
});
