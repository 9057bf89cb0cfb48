import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as aws from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, invoke, role, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
let client: aws.LambdaClient;
const arn = (name: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const one = handlerZip("return 1;");
const two = handlerZip("return 2;");
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--update-ms", "400", "--create-ms", "200");
  client = emulator.lambda;
});
afterAll(async () => void (await emulator.stop()));

const updated = (FunctionName: string): Promise<unknown> =>
  aws.waitUntilFunctionUpdatedV2({ client, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 }, { FunctionName });
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
/** Sends a command that must fail. */
const refused = async (sending: Promise<unknown>): Promise<{ status: number | undefined; name: string; message: string }> => {
  try {
    await sending;
  } catch (error) {
    const { name, message, $metadata } = error as aws.LambdaServiceException;
    return { status: $metadata.httpStatusCode, name, message };
  }
  throw new Error("The service accepted what it must refuse");
};

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
    await updated("moving");
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

describe("versions and aliases", () => {
  beforeAll(async () => {
    await createFunction(client, "versioned", one);
    const first = await client.send(new aws.PublishVersionCommand({ FunctionName: "versioned", Description: "first" }));
    expect(first).toMatchObject({ Version: "1", FunctionArn: `${arn("versioned")}:1`, Description: "first" });
    await client.send(new aws.UpdateFunctionCodeCommand({ FunctionName: "versioned", ZipFile: two }));
    await updated("versioned");
    await client.send(new aws.PublishVersionCommand({ FunctionName: "versioned" }));
  });

  test("a version never changes, and publishing without a change gives the same one", async () => {
    expect((await invoke(client, "versioned:1")).value).toBe(1);
    expect(await invoke(client, "versioned", {}, { Qualifier: "2" })).toMatchObject({ value: 2, version: "2" });
    expect((await client.send(new aws.PublishVersionCommand({ FunctionName: "versioned" }))).Version).toBe("2");
    const { Versions } = await client.send(new aws.ListVersionsByFunctionCommand({ FunctionName: "versioned" }));
    expect(Versions?.map(({ Version }) => Version)).toEqual(["$LATEST", "1", "2"]);
  });

  test("an alias' weights are honoured", async () => {
    const made = await client.send(
      new aws.CreateAliasCommand({
        FunctionName: "versioned",
        Name: "live",
        FunctionVersion: "1",
        RoutingConfig: { AdditionalVersionWeights: { "2": 0.3 } },
      }),
    );
    expect(made).toMatchObject({
      AliasArn: `${arn("versioned")}:live`,
      Name: "live",
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { "2": 0.3 } },
    });
    let second = 0;
    for (let index = 0; index < 300; index++) if ((await invoke(client, "versioned:live")).version === "2") second++;
    // Outside of five standard deviations once in two million runs.
    expect(second).toBeGreaterThan(50);
    expect(second).toBeLessThan(130);
    const shifted = await client.send(
      new aws.UpdateAliasCommand({
        FunctionName: "versioned",
        Name: "live",
        FunctionVersion: "2",
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
    expect(shifted.RoutingConfig).toBeUndefined();
    expect(shifted.RevisionId).not.toBe(made.RevisionId);
    expect((await invoke(client, "versioned:live")).version).toBe("2");
    expect(
      await refused(client.send(new aws.DeleteFunctionCommand({ FunctionName: "versioned", Qualifier: "2" }))),
    ).toMatchObject({ status: 409 });
  });

  test.each<[string, () => Promise<unknown>, { status: number; name: string; message: string }]>([
    [
      "alias exists",
      () => client.send(new aws.CreateAliasCommand({ FunctionName: "versioned", Name: "live", FunctionVersion: "1" })),
      { status: 409, name: "ResourceConflictException", message: `Alias already exists: ${arn("versioned")}:live` },
    ],
    [
      "alias missing, get",
      () => client.send(new aws.GetAliasCommand({ FunctionName: "versioned", Name: "no" })),
      { status: 404, name: "ResourceNotFoundException", message: `Cannot find alias arn: ${arn("versioned")}:no` },
    ],
    [
      "alias missing, update",
      () => client.send(new aws.UpdateAliasCommand({ FunctionName: "versioned", Name: "no", FunctionVersion: "1" })),
      { status: 404, name: "ResourceNotFoundException", message: `Alias not found: ${arn("versioned")}:no` },
    ],
    [
      "version missing",
      () => client.send(new aws.GetFunctionCommand({ FunctionName: "versioned", Qualifier: "1221" })),
      { status: 404, name: "ResourceNotFoundException", message: `Function not found: ${arn("versioned")}:1221` },
    ],
    [
      "two weights",
      () =>
        client.send(
          new aws.UpdateAliasCommand({
            FunctionName: "versioned",
            Name: "live",
            RoutingConfig: { AdditionalVersionWeights: { "1": 0.1, "3": 0.1 } },
          }),
        ),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "Number of items in AdditionalVersionWeights cannot be greater than 1",
      },
    ],
    [
      "weight on itself",
      () =>
        client.send(
          new aws.UpdateAliasCommand({
            FunctionName: "versioned",
            Name: "live",
            FunctionVersion: "1",
            RoutingConfig: { AdditionalVersionWeights: { "1": 0.1 } },
          }),
        ),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "Invalid function version 1. Function version 1 is already included in routing configuration.",
      },
    ],
    [
      "weights and $LATEST",
      () =>
        client.send(
          new aws.CreateAliasCommand({
            FunctionName: "versioned",
            Name: "bad",
            FunctionVersion: "$LATEST",
            RoutingConfig: { AdditionalVersionWeights: { "1": 0.1 } },
          }),
        ),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "$LATEST is not supported for an alias pointing to more than 1 version",
      },
    ],
    [
      "delete $LATEST",
      () => client.send(new aws.DeleteFunctionCommand({ FunctionName: "versioned", Qualifier: "$LATEST" })),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "$LATEST version cannot be deleted without deleting the function.",
      },
    ],
    [
      "qualifier twice",
      () => client.send(new aws.GetFunctionCommand({ FunctionName: "versioned:1", Qualifier: "2" })),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "The derived qualifier from the function name does not match the specified qualifier.",
      },
    ],
    [
      "invoke missing",
      () => invoke(client, "nowhere"),
      { status: 404, name: "ResourceNotFoundException", message: `Function not found: ${arn("nowhere")}:$LATEST` },
    ],
    [
      "another region",
      () => invoke(client, arn("versioned").replace("us-east-1", "eu-west-1")),
      {
        status: 404,
        name: "ResourceNotFoundException",
        message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
      },
    ],
    [
      "create twice",
      () => create("versioned"),
      { status: 409, name: "ResourceConflictException", message: "Function already exist: versioned" },
    ],
    [
      "concurrency of a version",
      () => client.send(new aws.PutFunctionConcurrencyCommand({ FunctionName: "versioned:1", ReservedConcurrentExecutions: 1 })),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message:
          "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
      },
    ],
    [
      "tags of a version",
      () => client.send(new aws.ListTagsCommand({ Resource: `${arn("versioned")}:1` })),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "Tags on function aliases and versions are not supported. Please specify a function ARN.",
      },
    ],
    [
      "no event invoke config",
      () => client.send(new aws.GetFunctionEventInvokeConfigCommand({ FunctionName: "versioned" })),
      {
        status: 404,
        name: "ResourceNotFoundException",
        message: `The function ${arn("versioned")}:$LATEST doesn't have an EventInvokeConfig`,
      },
    ],
    [
      "empty event invoke config",
      () => client.send(new aws.PutFunctionEventInvokeConfigCommand({ FunctionName: "versioned" })),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "You must specify at least one of error handling or destination setting.",
      },
    ],
    [
      "self destination",
      () =>
        client.send(
          new aws.PutFunctionEventInvokeConfigCommand({
            FunctionName: "versioned",
            DestinationConfig: { OnFailure: { Destination: arn("versioned") } },
          }),
        ),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "You can't specify the function as a destination for itself.",
      },
    ],
    [
      "policy on $LATEST",
      () =>
        client.send(
          new aws.AddPermissionCommand({
            FunctionName: "versioned",
            StatementId: "s",
            Action: "lambda:InvokeFunction",
            Principal: "*",
            Qualifier: "$LATEST",
          }),
        ),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "We currently do not support adding policies for $LATEST.",
      },
    ],
    [
      "body no JSON",
      () => client.send(new aws.InvokeCommand({ FunctionName: "versioned", Payload: "{" })),
      {
        status: 400,
        name: "InvalidRequestContentException",
        message: expect.stringContaining("Could not parse request body into json: Could not parse payload into json:") as never,
      },
    ],
    [
      "event too large",
      () => invoke(client, "versioned", "x".repeat(1_048_575), { InvocationType: "Event" }),
      {
        status: 413,
        name: "RequestTooLargeException",
        message: "Request must be smaller than 1048576 bytes for the InvokeFunction operation",
      },
    ],
    [
      "request too large",
      () => invoke(client, "versioned", "x".repeat(6_291_455)),
      {
        status: 413,
        name: "RequestTooLargeException",
        message: "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
      },
    ],
    [
      "unknown runtime",
      () => create("bad", { Runtime: "cobol" as never }),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: expect.stringMatching(
          /^Value cobol at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[.*\] or be a valid ARN$/,
        ) as never,
      },
    ],
    [
      "deprecated runtime",
      () => create("bad", { Runtime: "nodejs14.x" }),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message:
          "The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
      },
    ],
    [
      "bad zip",
      () => create("bad", { Code: { ZipFile: Buffer.from("no zip") } }),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: "Could not unzip uploaded file. Please check your file, then try to upload again.",
      },
    ],
    [
      "bad role",
      () => create("bad", { Role: "r1" }),
      {
        status: 400,
        name: "ValidationException",
        message: expect.stringMatching(
          /^1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:/,
        ) as never,
      },
    ],
    [
      "memory too small",
      () => create("bad", { MemorySize: 64 }),
      {
        status: 400,
        name: "ValidationException",
        message:
          "1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
      },
    ],
    [
      "name too long",
      () => create("x".repeat(65)),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: `1 validation error detected: Value '${"x".repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
      },
    ],
    [
      "environment too large",
      () => create("bad", { Environment: { Variables: { AA: "x".repeat(4_090) } } }),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: expect.stringMatching(/exceeded the 4KB limit\. String measured: \{"AA":"x+"\}$/) as never,
      },
    ],
    [
      "layers",
      () => create("bad", { Layers: ["arn:aws:lambda:us-east-1:1:layer:x:1"] }),
      { status: 400, name: "InvalidParameterValueException", message: "Layers is not supported by this emulator." },
    ],
    [
      "wrong sha",
      () => client.send(new aws.PublishVersionCommand({ FunctionName: "versioned", CodeSha256: "x" })),
      {
        status: 400,
        name: "InvalidParameterValueException",
        message: expect.stringMatching(
          /^CodeSHA256 \(x\) is different from current CodeSHA256 in \$LATEST \(.+\)\. Please try again with the CodeSHA256 in \$LATEST\.$/,
        ) as never,
      },
    ],
  ])("refused: %s", async (_title, send, expected) => {
    expect(await refused(send())).toEqual(expected);
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
