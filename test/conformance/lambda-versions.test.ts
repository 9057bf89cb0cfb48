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

describe("versions and aliases", () => {
  beforeAll(async () => {
    await createFunction(client, "versioned", one);
    const first = await client.send(new aws.PublishVersionCommand({ FunctionName: "versioned", Description: "first" }));
    expect(first).toMatchObject({ Version: "1", FunctionArn: `${arn("versioned")}:1`, Description: "first" });
    await client.send(new aws.UpdateFunctionCodeCommand({ FunctionName: "versioned", ZipFile: two }));
    await updated(client, "versioned");
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
