import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as aws from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, invoke, role, startEmulatorProcess } from "./lambda/emulator-process.ts";
import { arn, refused, updated } from "./lambda/refusal.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
let client: aws.LambdaClient;
const one = handlerZip("return 1;");
const two = handlerZip("return 2;");
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--update-ms", "400", "--create-ms", "200");
  client = emulator.lambda;
});
afterAll(async () => void (await emulator.stop()));

const create = (name: string, more: Partial<aws.CreateFunctionCommandInput> = {}): Promise<aws.CreateFunctionCommandOutput> =>
  client.send(
    new aws.CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: one },
      ...more,
    }),
  );

describe("function configuration and states", () => {
  test("create: Pending without an update status, then Active with another revision", async () => {
    const created = await create("made", { Description: "d", Environment: { Variables: { AA: "1" } }, Tags: { t: "1" } });
    expect(created).toMatchObject({
      FunctionName: "made",
      FunctionArn: arn("made"),
      Runtime: "nodejs24.x",
      Role: role,
      Handler: "index.handler",
      CodeSize: one.length,
      Description: "d",
      Timeout: 3,
      MemorySize: 128,
      CodeSha256: createHash("sha256").update(one).digest("base64"),
      Version: "$LATEST",
      Environment: { Variables: { AA: "1" } },
      TracingConfig: { Mode: "PassThrough" },
      State: "Pending",
      StateReasonCode: "Creating",
      StateReason: "The function is being created.",
      PackageType: "Zip",
      Architectures: ["x86_64"],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/made" },
      $metadata: { httpStatusCode: 201 },
    });
    expect(created.LastUpdateStatus).toBeUndefined();
    expect(created.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    expect(await refused(invoke(client, "made"))).toMatchObject({ status: 409, name: "ResourceConflictException" });
    await aws.waitUntilFunctionActiveV2({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 }, { FunctionName: "made" });
    const active = await client.send(new aws.GetFunctionCommand({ FunctionName: "made" }));
    expect(active.Configuration).toMatchObject({ State: "Active", LastUpdateStatus: "Successful" });
    expect(active.Configuration?.RevisionId).not.toBe(created.RevisionId);
    expect(active.Tags).toEqual({ t: "1" });
    const archive = await fetch(active.Code?.Location ?? "");
    expect(Buffer.from(await archive.arrayBuffer()).equals(Buffer.from(one))).toBe(true);
  });

  test("during an update requests meet the old code, and further changes are refused", async () => {
    await createFunction(client, "moving", one);
    expect((await invoke(client, "moving")).value).toBe(1);
    const update = await client.send(new aws.UpdateFunctionCodeCommand({ FunctionName: "moving", ZipFile: two }));
    expect(update).toMatchObject({ State: "Active", LastUpdateStatus: "InProgress", LastUpdateStatusReasonCode: "Creating" });
    expect((await invoke(client, "moving")).value).toBe(1);
    const conflict = {
      status: 409,
      name: "ResourceConflictException",
      message: `The operation cannot be performed at this time. An update is in progress for resource: ${arn("moving")}`,
    };
    expect(
      await refused(client.send(new aws.UpdateFunctionConfigurationCommand({ FunctionName: "moving", Timeout: 5 }))),
    ).toEqual(conflict);
    expect(await refused(client.send(new aws.PublishVersionCommand({ FunctionName: "moving" })))).toEqual(conflict);
    await updated(client, "moving");
    expect((await invoke(client, "moving")).value).toBe(2);
  });

  test("a wrong revision id is refused with 412", async () => {
    expect(
      await refused(client.send(new aws.UpdateFunctionCodeCommand({ FunctionName: "moving", ZipFile: one, RevisionId: "x" }))),
    ).toEqual({
      status: 412,
      name: "PreconditionFailedException",
      message:
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    });
  });

  test("listing pages through all functions without their states", async () => {
    await create("listed-1");
    const names: (string | undefined)[] = [];
    for await (const page of aws.paginateListFunctions({ client, pageSize: 1 }, {})) {
      expect(page.Functions).toHaveLength(1);
      expect(page.Functions?.[0]?.State).toBeUndefined();
      names.push(page.Functions?.[0]?.FunctionName);
    }
    expect(names).toEqual(names.toSorted((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1)));
    expect(names).toContain("listed-1");
  });

  test("deletion takes the function and its log stays", async () => {
    await create("gone");
    const { $metadata } = await client.send(new aws.DeleteFunctionCommand({ FunctionName: "gone" }));
    expect($metadata.httpStatusCode).toBe(204);
    expect(await refused(client.send(new aws.GetFunctionCommand({ FunctionName: "gone" })))).toEqual({
      status: 404,
      name: "ResourceNotFoundException",
      message: `Function not found: ${arn("gone")}`,
    });
  });
});

test("DryRun checks and runs nothing; no payload is an empty event", async () => {
  await createFunction(client, "echo", handlerZip("return event;"));
  expect((await client.send(new aws.InvokeCommand({ FunctionName: "echo", InvocationType: "DryRun" }))).StatusCode).toBe(204);
  expect(Buffer.from((await client.send(new aws.InvokeCommand({ FunctionName: "echo" }))).Payload ?? []).toString()).toBe("{}");
  expect((await invoke(client, arn("echo"), [1])).value).toEqual([1]);
  expect((await invoke(client, "123456789012:function:echo", null)).value).toBeNull();
});

test("event invoke configuration: put replaces, update merges", async () => {
  await createFunction(client, "eic", one);
  const put = await client.send(new aws.PutFunctionEventInvokeConfigCommand({ FunctionName: "eic", MaximumRetryAttempts: 1 }));
  expect(put).toMatchObject({
    FunctionArn: `${arn("eic")}:$LATEST`,
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnSuccess: {}, OnFailure: {} },
  });
  expect(Math.abs((put.LastModified?.getTime() ?? 0) - Date.now())).toBeLessThan(10_000);
  const merged = await client.send(
    new aws.UpdateFunctionEventInvokeConfigCommand({ FunctionName: "eic", MaximumEventAgeInSeconds: 60 }),
  );
  expect(merged).toMatchObject({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 });
  const replaced = await client.send(
    new aws.PutFunctionEventInvokeConfigCommand({ FunctionName: "eic", MaximumEventAgeInSeconds: 70 }),
  );
  expect(replaced.MaximumRetryAttempts).toBeUndefined();
  expect(
    (await client.send(new aws.ListFunctionEventInvokeConfigsCommand({ FunctionName: "eic" }))).FunctionEventInvokeConfigs,
  ).toHaveLength(1);
  await client.send(new aws.DeleteFunctionEventInvokeConfigCommand({ FunctionName: "eic" }));
  expect(await refused(client.send(new aws.DeleteFunctionEventInvokeConfigCommand({ FunctionName: "eic" })))).toMatchObject({
    status: 404,
  });
});

test("tags and policies", async () => {
  await createFunction(client, "tagged", one);
  await client.send(new aws.TagResourceCommand({ Resource: arn("tagged"), Tags: { a: "1", b: "2" } }));
  await client.send(new aws.UntagResourceCommand({ Resource: arn("tagged"), TagKeys: ["a", "x"] }));
  expect((await client.send(new aws.ListTagsCommand({ Resource: arn("tagged") }))).Tags).toEqual({ b: "2" });
  const permission = {
    FunctionName: "tagged",
    StatementId: "url",
    Action: "lambda:InvokeFunctionUrl",
    Principal: "*",
    FunctionUrlAuthType: "NONE",
  } as const;
  const added = await client.send(new aws.AddPermissionCommand(permission));
  expect(JSON.parse(added.Statement ?? "")).toEqual({
    Sid: "url",
    Effect: "Allow",
    Principal: "*",
    Action: "lambda:InvokeFunctionUrl",
    Resource: arn("tagged"),
    Condition: { StringEquals: { "lambda:FunctionUrlAuthType": "NONE" } },
  });
  expect(await refused(client.send(new aws.AddPermissionCommand(permission)))).toEqual({
    status: 409,
    name: "ResourceConflictException",
    message:
      "The statement id (url) provided already exists. Please provide a new statement id, or remove the existing statement.",
  });
  await client.send(new aws.RemovePermissionCommand({ FunctionName: "tagged", StatementId: "url" }));
  expect(await refused(client.send(new aws.GetPolicyCommand({ FunctionName: "tagged" })))).toMatchObject({
    status: 404,
    message: "The resource you requested does not exist.",
  });
});

test("functions that invoke each other in a loop are stopped, unless allowed", async () => {
  const body = `const { LambdaClient, InvokeCommand } = await import(event.sdk); const client = new LambdaClient({});
    if (event.left === 0) return 0;
    const answer = await client.send(new InvokeCommand({ FunctionName: "loop", Payload: JSON.stringify({ ...event, left: event.left - 1 }) }));
    const value = JSON.parse(Buffer.from(answer.Payload).toString()); if (answer.FunctionError) return value; return value.errorType ? value : 1 + value;`;
  await createFunction(
    client,
    "loop",
    handlerZip(`try { ${body} } catch (error) { return { errorType: error.name, message: error.message }; }`),
    { Timeout: 60, MemorySize: 1024 },
  );
  const sdk = import.meta.resolve("@aws-sdk/client-lambda");
  expect((await invoke(client, "loop", { sdk, left: 5 })).value).toBe(5);
  expect((await invoke(client, "loop", { sdk, left: 40 })).value).toMatchObject({ errorType: "RecursiveInvocationException" });
  await client.send(new aws.PutFunctionRecursionConfigCommand({ FunctionName: "loop", RecursiveLoop: "Allow" }));
  expect((await invoke(client, "loop", { sdk, left: 20 })).value).toBe(20);
});
