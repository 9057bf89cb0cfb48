import { afterAll, beforeAll, expect, test } from "vitest";
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, invoke, startEmulatorProcess, until } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--concurrency", "140", "--keep-alive-ms", "1500");
});
afterAll(async () => void (await emulator.stop()));

interface State {
  functions: { name: string; instances: { id: string; state: string; requests: number; pid: number; memoryUsedMb: number }[] }[];
}
const instances = async (name: string): Promise<State["functions"][number]["instances"]> => {
  const state = (await (await fetch(`${emulator.endpoint}/_emulator/state`)).json()) as State;
  return state.functions.find((found) => found.name === name)?.instances ?? [];
};
const waiting = handlerZip(
  `globalThis.n = (globalThis.n ?? 0) + 1; await new Promise((r) => setTimeout(r, event.ms ?? 0)); return { pid: process.pid, n: globalThis.n };`,
);

test("requests at once get an instance each, one request at a time; later ones find them warm", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "wide", waiting, { Timeout: 30 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => invoke(lambda, "wide", { ms: 1_000 })));
  expect(new Set(answers.map(({ value }) => (value as { pid: number }).pid)).size).toBe(20);
  expect(answers.every(({ value }) => (value as { n: number }).n === 1)).toBe(true);
  const found = await instances("wide");
  expect(found).toHaveLength(20);
  expect(found.every(({ state, requests, memoryUsedMb }) => state === "idle" && requests === 1 && memoryUsedMb > 10)).toBe(true);
  expect((await invoke(lambda, "wide")).value).toMatchObject({ n: 2 });
});

test("idle instances end after the keep-alive time", async () => {
  await until("all instances are gone", async () => (await instances("wide")).length === 0);
});

test("reset-instances makes the next request cold", async () => {
  const { lambda, endpoint } = emulator;
  expect((await invoke(lambda, "wide")).value).toMatchObject({ n: 1 });
  expect((await invoke(lambda, "wide")).value).toMatchObject({ n: 2 });
  const reset = (body: object): Promise<Response> =>
    fetch(`${endpoint}/_emulator/reset-instances`, { method: "POST", body: JSON.stringify(body) });
  expect((await reset({ functions: ["another"] })).status).toBe(200);
  expect((await invoke(lambda, "wide")).value).toMatchObject({ n: 3 });
  expect((await reset({ functions: ["wide"] })).status).toBe(200);
  expect((await invoke(lambda, "wide")).value).toMatchObject({ n: 1 });
  expect((await reset({ functions: "wide" })).status).toBe(400);
});

test("reserved concurrency lets so many in and throttles the rest, with its reason", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "narrow", waiting, { Timeout: 30 });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "narrow", ReservedConcurrentExecutions: 3 }));
  const answers = await Promise.allSettled(Array.from({ length: 12 }, () => invoke(lambda, "narrow", { ms: 1_500 })));
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  for (const answer of answers) {
    if (answer.status === "fulfilled") continue;
    expect(answer.reason).toMatchObject({
      name: "TooManyRequestsException",
      message: "Rate Exceeded.",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      $metadata: { httpStatusCode: 429 },
      retryAfterSeconds: "1",
    });
  }
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "narrow", ReservedConcurrentExecutions: 0 }));
  await expect(invoke(lambda, "narrow")).rejects.toMatchObject({ name: "TooManyRequestsException" });
  await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: "narrow" }));
  expect(
    (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: "narrow" }))).ReservedConcurrentExecutions,
  ).toBeUndefined();
  expect((await invoke(lambda, "narrow")).status).toBe(200);
});

test("what is reserved is missing from the account's rest", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "greedy", waiting);
  await expect(
    lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "greedy", ReservedConcurrentExecutions: 41 })),
  ).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message:
      "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
  });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "greedy", ReservedConcurrentExecutions: 40 }));
});
