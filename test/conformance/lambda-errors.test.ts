import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as aws from "@aws-sdk/client-lambda";
import { createFunction, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";
import { conflicts } from "./lambda/errors/conflicts.ts";
import { invalid } from "./lambda/errors/invalid.ts";
import { missing } from "./lambda/errors/missing.ts";
import { codeOf, creation, f, user, zip } from "./lambda/errors/rows.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast", "--update-ms", "60000", "--create-ms", "0");
  const { lambda } = emulator;
  for (const name of ["subject", "busy"]) await createFunction(lambda, name, zip);
  await lambda.send(new aws.PublishVersionCommand({ FunctionName: "subject" }));
  await lambda.send(new aws.CreateAliasCommand({ FunctionName: "subject", Name: "live", FunctionVersion: "1" }));
  await lambda.send(new aws.CreateFunctionUrlConfigCommand({ FunctionName: "subject", AuthType: "NONE" }));
  await lambda.send(
    new aws.AddPermissionCommand({ FunctionName: "subject", StatementId: "s3", Action: "lambda:InvokeFunction", Principal: "*" }),
  );
  await lambda.send(new aws.UpdateFunctionConfigurationCommand({ FunctionName: "busy", Timeout: 9 }));
});
afterAll(async () => void (await emulator.stop()));

/** What came over the wire, before a client made an exception of it. */
async function ask(
  method: string,
  path: string,
  body?: object | string,
): Promise<{ status: number; code: string | null; body: unknown }> {
  const answer = await fetch(emulator.endpoint + path, {
    method,
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, code: answer.headers.get("x-amzn-errortype"), body: text === "" ? "" : JSON.parse(text) };
}

describe("status, error type, casing of the members and text, on the wire", () => {
  test.each([...missing, ...conflicts, ...invalid])("%s", async (_title, [method, path, body], status, code, expected) => {
    expect(await ask(method, path, body)).toEqual({ status, code, body: expected });
  });
});

describe("sizes of deployments", () => {
  const sized = (bytes: Buffer): Promise<unknown> =>
    ask("POST", f, creation({ FunctionName: "sized", Code: codeOf(bytes.toString("base64")) }));

  test("zipped at most 50 MB", async () => {
    expect(await sized(Buffer.alloc(52_428_801))).toEqual({
      status: 413,
      code: "RequestEntityTooLargeException",
      body: user("Zipped size must be smaller than 52428800 bytes"),
    });
    // No zip, but of a size that is looked into.
    expect(await sized(Buffer.alloc(52_428_800))).toMatchObject({ status: 400, code: "InvalidParameterValueException" });
  });

  test("unzipped at most 250 MB", async () => {
    const bomb = Buffer.from(zip);
    bomb.writeUInt32LE(262_144_001, bomb.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
    expect(await sized(bomb)).toMatchObject({ status: 400, body: user("Unzipped size must be smaller than 262144000 bytes") });
  });

  test("a request of at most 70,167,211 bytes", async () => {
    expect(await ask("POST", f, " ".repeat(70_167_212))).toEqual({
      status: 413,
      code: "RequestEntityTooLargeException",
      body: user("Request must be smaller than 70167211 bytes for the CreateFunction operation"),
    });
    expect(await ask("POST", f, `{${" ".repeat(70_167_209)}}`)).toMatchObject({ status: 400 });
  });
});

test("the client makes its exceptions of them, with the request id", async () => {
  const sent = emulator.lambda.send(new aws.GetFunctionCommand({ FunctionName: "none" }));
  await expect(sent).rejects.toBeInstanceOf(aws.ResourceNotFoundException);
  await expect(sent).rejects.toMatchObject({
    Type: "User",
    $metadata: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown },
  });
});
