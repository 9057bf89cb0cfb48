import { afterAll, beforeAll, expect, test } from "vitest";
import * as aws from "@aws-sdk/client-lambda";
import { handlerZip, invoke, role, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

/** The state machine with the delays of AWS, nothing set by hand. */
let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "aws");
});
afterAll(async () => void (await emulator.stop()));

const FunctionName = "stated";
const read = (): Promise<aws.GetFunctionConfigurationCommandOutput> =>
  emulator.lambda.send(new aws.GetFunctionConfigurationCommand({ FunctionName }));
const conflict = expect.objectContaining({ name: "ResourceConflictException" }) as object;

test("Pending, Active, InProgress, Successful: what is refused, what runs, and the revision id of each", async () => {
  const { lambda } = emulator;
  const created = await lambda.send(
    new aws.CreateFunctionCommand({
      FunctionName,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: handlerZip("return { code: 1, env: process.env.STEP };") },
      Environment: { Variables: { STEP: "one" } },
    }),
  );
  const began = performance.now();
  expect(created).toMatchObject({ State: "Pending", StateReasonCode: "Creating" });
  for (const refused of [
    new aws.UpdateFunctionCodeCommand({ FunctionName, ZipFile: handlerZip("return 2;") }),
    new aws.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 5 }),
    new aws.PublishVersionCommand({ FunctionName }),
    new aws.TagResourceCommand({ Resource: created.FunctionArn, Tags: { a: "b" } }),
    new aws.InvokeCommand({ FunctionName }),
  ])
    await expect(lambda.send(refused as aws.InvokeCommand)).rejects.toEqual(conflict);
  await aws.waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { FunctionName });
  // Never sooner than AWS; how much later is the machine's affair.
  expect(performance.now() - began).toBeGreaterThan(500);
  const active = await read();
  expect(active).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
  expect(active.StateReason).toBeUndefined();

  const before = await invoke(lambda, FunctionName);
  expect(before.value).toEqual({ code: 1, env: "one" });
  const changed = await lambda.send(
    new aws.UpdateFunctionConfigurationCommand({
      FunctionName,
      Environment: { Variables: { STEP: "two" } },
      RevisionId: active.RevisionId,
    }),
  );
  const updateBegan = performance.now();
  expect(changed).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress", Environment: { Variables: { STEP: "two" } } });
  await expect(
    lambda.send(new aws.UpdateFunctionCodeCommand({ FunctionName, ZipFile: handlerZip("return 2;") })),
  ).rejects.toEqual(conflict);
  // Before Successful the old configuration runs; what an invocation met is known only when it was answered in time.
  const during = await invoke(lambda, FunctionName);
  if ((await read()).LastUpdateStatus === "InProgress") expect(during.value).toEqual({ code: 1, env: "one" });
  await aws.waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { FunctionName });
  expect(performance.now() - updateBegan).toBeGreaterThan(350);
  const updated = await read();
  expect((await invoke(lambda, FunctionName)).value).toEqual({ code: 1, env: "two" });
  // The revision id of the answer to an update is stale as soon as the state moves on.
  await expect(
    lambda.send(new aws.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9, RevisionId: changed.RevisionId })),
  ).rejects.toMatchObject({ name: "PreconditionFailedException" });
  const revisions = [created, active, changed, updated].map(({ RevisionId }) => RevisionId);
  expect(new Set(revisions).size).toBe(4);
  for (const revision of revisions) expect(revision).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
});
