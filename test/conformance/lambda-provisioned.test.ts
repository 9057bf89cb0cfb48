/** Provisioned concurrency: instances that stand initialised before any request, through the unmodified client. */
import { afterEach, beforeEach, expect, test } from "vitest";
import * as aws from "@aws-sdk/client-lambda";
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
beforeEach(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--keep-alive-ms", "400");
});
afterEach(() => emulator.stop());

/** Publishes a version and puts `count` on it. Resolves with the version. */
async function provision(FunctionName: string, count: number): Promise<string> {
  const { Version } = await emulator.lambda.send(new aws.PublishVersionCommand({ FunctionName }));
  const answer = await emulator.lambda.send(
    new aws.PutProvisionedConcurrencyConfigCommand({
      FunctionName,
      Qualifier: Version,
      ProvisionedConcurrentExecutions: count,
    }),
  );
  expect(answer.$metadata.httpStatusCode).toBe(202);
  expect(answer.RequestedProvisionedConcurrentExecutions).toBe(count);
  return Version!;
}

const status = (FunctionName: string, Qualifier: string) =>
  emulator.lambda.send(new aws.GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));

const ready = (name: string, version: string, wanted = "READY") =>
  until(wanted, async () => {
    const seen = await status(name, version);
    return seen.Status === wanted && seen;
  });

async function instances(name: string): Promise<{ pid: number; state: string }[]> {
  const state = (await (await fetch(`${emulator.endpoint}/_emulator/state`)).json()) as {
    functions: { name: string; instances: { pid: number; state: string }[] }[];
  };
  return state.functions.find((one) => one.name === name)?.instances ?? [];
}

const BODY = "return { type: process.env.AWS_LAMBDA_INITIALIZATION_TYPE, pid: process.pid };";

test("instances are initialised before the first request, which finds one and reports no INIT", async () => {
  await createFunction(emulator.lambda, "ready", handlerZip(BODY, `console.log("loaded");`));
  const version = await provision("ready", 2);
  expect(await ready("ready", version)).toMatchObject({
    AvailableProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 2,
  });
  const before = await instances("ready");
  expect(before.map(({ state }) => state)).toEqual(["idle", "idle"]);
  const { value, tail } = await invoke(emulator.lambda, "ready", {}, { Qualifier: version, LogType: "Tail" });
  expect(value).toMatchObject({ type: "provisioned-concurrency" });
  expect(before.map(({ pid }) => pid)).toContain((value as { pid: number }).pid);
  expect(tail).not.toContain("Init Duration");
  expect((await logLines(emulator.logs, "ready")).filter((line) => line.endsWith("loaded"))).toHaveLength(2);
  // Other versions start on demand.
  expect((await invoke(emulator.lambda, "ready")).value).toMatchObject({ type: "on-demand" });
});

test("they outlive the keep-alive of others, are replaced when lost, and go with the configuration", async () => {
  await createFunction(emulator.lambda, "kept", handlerZip(BODY));
  const version = await provision("kept", 1);
  await ready("kept", version);
  const [first] = await instances("kept");
  await invoke(emulator.lambda, "kept");
  await until("the instance on demand has expired", async () => (await instances("kept")).length === 1);
  expect((await instances("kept"))[0]).toEqual(expect.objectContaining({ pid: first!.pid }));
  await fetch(`${emulator.endpoint}/_emulator/reset-instances`, { method: "POST", body: "{}" });
  await until("another took its place", async () => {
    const [now] = await instances("kept");
    return now !== undefined && now.pid !== first!.pid && now.state === "idle";
  });
  await emulator.lambda.send(new aws.DeleteProvisionedConcurrencyConfigCommand({ FunctionName: "kept", Qualifier: version }));
  await until("none is kept any more", async () => (await instances("kept")).length === 0);
});

test("a module that cannot be loaded makes it FAILED, with the reason, and is not tried for ever", async () => {
  await createFunction(emulator.lambda, "broken", moduleZip(`console.log("tried"); throw new Error("no");`));
  const version = await provision("broken", 3);
  expect(await ready("broken", version, "FAILED")).toMatchObject({
    StatusReason: "FUNCTION_ERROR_INIT_FAILURE",
    AvailableProvisionedConcurrentExecutions: 0,
  });
});

test("an alias takes its instances along to another version", async () => {
  await createFunction(emulator.lambda, "moving", handlerZip(BODY));
  const FunctionName = "moving";
  await emulator.lambda.send(new aws.PublishVersionCommand({ FunctionName }));
  await emulator.lambda.send(new aws.CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  await emulator.lambda.send(
    new aws.PutProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: "live", ProvisionedConcurrentExecutions: 1 }),
  );
  await ready(FunctionName, "live");
  await emulator.lambda.send(new aws.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
  await aws.waitUntilFunctionUpdatedV2(
    { client: emulator.lambda, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 },
    { FunctionName },
  );
  await emulator.lambda.send(new aws.PublishVersionCommand({ FunctionName }));
  await emulator.lambda.send(new aws.UpdateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "2" }));
  await ready(FunctionName, "live");
  const { value, version } = await invoke(emulator.lambda, FunctionName, {}, { Qualifier: "live" });
  expect(version).toBe("2");
  expect(value).toMatchObject({ type: "provisioned-concurrency" });
});
