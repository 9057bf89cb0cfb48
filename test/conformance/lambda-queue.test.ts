import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvokeCommand, PutFunctionConcurrencyCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, logLines, startEmulatorProcess, until } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let folder: string;
let emulator: EmulatorProcess;
const start = async (...more: string[]): Promise<void> => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--data", join(folder, "data"), "--retry-scale", "0.002", ...more);
};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "queue-test-"));
  writeFileSync(join(folder, "effects"), "");
  await start();
});
afterEach(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});

const effects = (): { id: string; event: { n: number } }[] =>
  readFileSync(join(folder, "effects"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as never);
/** Notes each event in a file outside of the emulator, then does as the event says. */
const noting = (): Uint8Array =>
  handlerZip(
    `appendFileSync(${JSON.stringify(join(folder, "effects"))}, JSON.stringify({ id: context.awsRequestId, event, context: context.clientContext ?? null }) + "\\n");
     if (event.ms) await new Promise((r) => setTimeout(r, event.ms));
     if (event.fail) throw new Error("failed " + event.n);
     return { done: event.n };`,
    `import { appendFileSync } from "node:fs";`,
  );
const send = async (name: string, event: object): Promise<string> => {
  const answer = await emulator.lambda.send(
    new InvokeCommand({
      FunctionName: name,
      InvocationType: "Event",
      Payload: JSON.stringify(event),
      ClientContext: Buffer.from('{"custom":{}}').toString("base64"),
    }),
  );
  expect(answer.StatusCode).toBe(202);
  return answer.$metadata.requestId ?? "";
};
const queued = async (): Promise<number> =>
  ((await (await fetch(`${emulator.endpoint}/_emulator/state`)).json()) as { queuedEvents: number }).queuedEvents;

test("an event runs once, without the client context, and a failing one three times under the same id", async () => {
  await createFunction(emulator.lambda, "noting", noting());
  const first = await send("noting", { n: 1 });
  const second = await send("noting", { n: 2, fail: true });
  await until("the queue is empty", async () => (await queued()) === 0);
  expect(effects().filter(({ id }) => id === first)).toEqual([{ id: first, event: { n: 1 }, context: null }]);
  expect(effects().filter(({ id }) => id === second)).toHaveLength(3);
  expect((await logLines(emulator.logs, "noting")).filter((line) => line.startsWith("REPORT"))).toHaveLength(4);
});

test("accepted events survive a SIGKILL of the emulator, those under way included", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "noting", noting(), { Timeout: 60 });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "noting", ReservedConcurrentExecutions: 2 }));
  for (let n = 0; n < 40; n++) await send("noting", { n, ms: 300 });
  await until("some have begun", () => effects().length >= 3);
  const gone = new Promise((resolve) => emulator.process.once("exit", resolve));
  emulator.process.kill("SIGKILL");
  await gone;
  const before = effects().length;
  expect(before).toBeLessThan(40);
  await start();
  await emulator.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "noting", ReservedConcurrentExecutions: 20 }));
  await until("the queue is empty", async () => (await queued()) === 0, 40);
  expect([...new Set(effects().map(({ event }) => event.n))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 40 }, (_, n) => n),
  );
});

test("throttled events wait in the queue and all run", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "noting", noting());
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "noting", ReservedConcurrentExecutions: 1 }));
  for (let n = 0; n < 15; n++) await send("noting", { n, ms: 20 });
  await until("the queue is empty", async () => (await queued()) === 0);
  expect(
    effects()
      .map(({ event }) => event.n)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 15 }, (_, n) => n));
});

test("destinations get AWS's record of success and failure", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "noting", noting());
  await createFunction(lambda, "sink", noting());
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:sink";
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "noting",
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: { Destination: arn }, OnFailure: { Destination: arn } },
    }),
  );
  const good = await send("noting", { n: 1 });
  const bad = await send("noting", { n: 2, fail: true });
  const records = await until("two records", () => {
    const found = effects()
      .map(({ event }) => event as unknown as { requestContext?: { requestId: string } })
      .filter(({ requestContext }) => requestContext !== undefined);
    return found.length === 2 && found;
  });
  const of = (id: string): unknown => records.find(({ requestContext }) => requestContext?.requestId === id);
  expect(of(good)).toMatchObject({
    version: "1.0",
    requestContext: {
      functionArn: "arn:aws:lambda:us-east-1:123456789012:function:noting:$LATEST",
      condition: "Success",
      approximateInvokeCount: 1,
    },
    requestPayload: { n: 1 },
    responseContext: { statusCode: 200, executedVersion: "$LATEST" },
    responsePayload: { done: 1 },
  });
  expect(of(bad)).toMatchObject({
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
    responseContext: { functionError: "Unhandled" },
    responsePayload: { errorMessage: "failed 2" },
  });
});

test("with reserved concurrency 0 an event goes straight to the failure destination", async () => {
  const { lambda } = emulator;
  await createFunction(lambda, "noting", noting());
  await createFunction(lambda, "sink", noting());
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "noting",
      DestinationConfig: { OnFailure: { Destination: "arn:aws:lambda:us-east-1:123456789012:function:sink" } },
    }),
  );
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "noting", ReservedConcurrentExecutions: 0 }));
  await send("noting", { n: 1 });
  const [record] = await until("a record", () => effects().length > 0 && effects());
  expect(record?.event).toMatchObject({
    requestContext: { condition: "ZeroReservedConcurrency", approximateInvokeCount: 0 },
    requestPayload: { n: 1 },
  });
});
