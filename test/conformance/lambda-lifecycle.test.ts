import { afterAll, beforeAll, expect, test } from "vitest";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, PutFunctionConcurrencyCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, invoke, logLines, startEmulatorProcess, until } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--freeze", "on", "--retry-scale", "0.002");
});
afterAll(async () => {
  expect(await emulator.stop()).toBe(0);
});

const queue = "arn:aws:sqs:us-east-1:123456789012:dead";
/** What went to a destination that the emulator has not: events of a log group. */
const delivered = async (arn: string): Promise<unknown[]> => {
  const logStreamNames = [arn.replaceAll(":", "/")];
  const answer = await emulator.logs
    .send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/destinations", logStreamNames }))
    .catch(() => ({ events: [] }));
  return (answer.events ?? []).map(({ message = "" }) => JSON.parse(message) as unknown);
};
const sendEvent = (name: string, event: object): Promise<unknown> =>
  emulator.lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: "Event", Payload: JSON.stringify(event) }));

test.runIf(process.platform !== "win32")(
  "a timer left behind is frozen with the instance and goes on in the next invocation",
  async () => {
    const body = `const { fired } = globalThis; if (event.set) setTimeout(() => { globalThis.fired = Date.now(); }, 100);
    await new Promise((r) => setTimeout(r, event.ms ?? 0)); return { before: fired ?? null, after: globalThis.fired ?? null, now: Date.now() };`;
    await createFunction(emulator.lambda, "timers", handlerZip(body));
    await invoke(emulator.lambda, "timers", { set: true });
    const idle = Date.now() + 400;
    await until("the timer's time is long over", () => Date.now() > idle);
    const woken = Date.now();
    const { before, after } = (await invoke(emulator.lambda, "timers", { ms: 200 })).value as {
      before: number | null;
      after: number;
    };
    // It fires when the process goes on: before the handler begins or while it waits, never while frozen.
    expect(before ?? after).toBeGreaterThanOrEqual(woken);
  },
);

test("after a crash and after a timeout: files of /tmp stay, module state is lost, no INIT_START, INIT within the duration", async () => {
  const body = `if (event.write) writeFileSync(process.env.TMPDIR + "/kept", "yes"); if (event.exit) process.exit(1); if (event.hang) for (;;);
    return { count: ++count, kept: existsSync(process.env.TMPDIR + "/kept"), stream: process.env.AWS_LAMBDA_LOG_STREAM_NAME };`;
  const before = `import { existsSync, writeFileSync } from "node:fs"; let count = 0;`;
  await createFunction(emulator.lambda, "reset", handlerZip(body, before), { Timeout: 1 });
  const first = (await invoke(emulator.lambda, "reset", { write: true })).value as { stream: string };
  for (const end of [{ exit: true }, { hang: true }]) {
    expect((await invoke(emulator.lambda, "reset", end)).error).toBe("Unhandled");
    expect((await invoke(emulator.lambda, "reset")).value).toEqual({ count: 1, kept: true, stream: first.stream });
  }
  const lines = await logLines(emulator.logs, "reset");
  expect(lines.filter((line) => line.startsWith("INIT_START"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("Init Duration"))).toHaveLength(1);
});

test("an event that has failed for good goes to the dead letter queue as it came", async () => {
  await createFunction(emulator.lambda, "dead", handlerZip(`throw new Error("always");`), {
    DeadLetterConfig: { TargetArn: queue },
  });
  await sendEvent("dead", { n: 1 });
  await until("the event is in the queue", async () => (await delivered(queue)).length === 1);
  expect(await delivered(queue)).toEqual([{ n: 1 }]);
  expect((await logLines(emulator.logs, "dead")).filter((line) => line.startsWith("REPORT"))).toHaveLength(3);
});

test("an event past its age goes to the failure destination without having run", async () => {
  const topic = "arn:aws:sns:us-east-1:123456789012:old";
  const { lambda } = emulator;
  await createFunction(lambda, "aged", handlerZip(`await new Promise((r) => setTimeout(r, event.ms)); return 1;`), {
    Timeout: 30,
  });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "aged", ReservedConcurrentExecutions: 1 }));
  const onFailure = { DestinationConfig: { OnFailure: { Destination: topic } } };
  await lambda.send(
    new PutFunctionEventInvokeConfigCommand({ FunctionName: "aged", MaximumEventAgeInSeconds: 60, ...onFailure }),
  );
  // Holds the only instance for longer than the scaled age of 0.12 s.
  const busy = invoke(lambda, "aged", { ms: 1_500 });
  await until("it is busy", async () => (await (await fetch(`${emulator.endpoint}/_emulator/state`)).text()).includes('"busy"'));
  await sendEvent("aged", { ms: 0 });
  const [record] = await until("the record", async () => {
    const found = await delivered(topic);
    return found.length > 0 && found;
  });
  expect(record).toMatchObject({
    requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 0 },
    requestPayload: { ms: 0 },
  });
  await busy;
});

test.runIf(process.env["FUSIONIZE_LONG"] === "1")(
  "INIT is cut off after ten seconds and repeated inside the invocation",
  { timeout: 60_000 },
  async () => {
    const before = `import { existsSync, writeFileSync } from "node:fs"; const mark = process.env.TMPDIR + "/again";
    if (!existsSync(mark)) { writeFileSync(mark, ""); await new Promise((r) => setTimeout(r, 60_000)); }`;
    await createFunction(emulator.lambda, "slow", handlerZip("return 1;", before), { Timeout: 20 });
    expect((await invoke(emulator.lambda, "slow")).value).toBe(1);
    const report = (await logLines(emulator.logs, "slow")).find((line) => line.startsWith("INIT_REPORT"));
    expect(report).toMatch(/^INIT_REPORT Init Duration: 10\d\d\d\.\d\d ms\tPhase: init\tStatus: timeout$/);
  },
);
