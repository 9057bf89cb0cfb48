import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as aws from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, moduleZip, startEmulatorProcess, until } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast");
  const { lambda } = emulator;
  await createFunction(
    lambda,
    "measure",
    handlerZip(`return typeof event === "string" ? event.length : "x".repeat(event.answer - 2);`),
    {
      MemorySize: 512,
      Timeout: 30,
    },
  );
  await createFunction(
    lambda,
    "stream",
    moduleZip(`export const handler = awslambda.streamifyResponse(async (event, stream) => {
      for (let left = event.bytes; left > 0; left -= 1048576) {
        const part = Buffer.alloc(Math.min(left, 1048576), "s");
        if (!stream.write(part)) await new Promise((done) => stream.once("drain", done));
      }
      stream.end();
    });`),
    { MemorySize: 1024, Timeout: 60 },
  );
});
afterAll(async () => void (await emulator.stop()));

/** A JSON text of so many bytes. */
const event = (bytes: number): string => `"${"e".repeat(bytes - 2)}"`;
const invoke = (Payload: string, more: Partial<aws.InvokeCommandInput> = {}): Promise<aws.InvokeCommandOutput> =>
  emulator.lambda.send(new aws.InvokeCommand({ FunctionName: "measure", Payload, ...more }));
const tooLarge = (limit: number): object =>
  expect.objectContaining({
    name: "RequestTooLargeException",
    message: `Request must be smaller than ${limit} bytes for the InvokeFunction operation`,
    $metadata: expect.objectContaining({ httpStatusCode: 413 }) as unknown,
  }) as object;

describe("payloads, to the byte", () => {
  test("a synchronous request of 6 MB is taken, one byte more is not", async () => {
    const answer = await invoke(event(6_291_456));
    expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toBe(6_291_454);
    await expect(invoke(event(6_291_457))).rejects.toEqual(tooLarge(6_291_456));
  });

  test("an asynchronous one of 1 MB is taken, one byte more is not", async () => {
    expect((await invoke(event(1_048_576), { InvocationType: "Event" })).StatusCode).toBe(202);
    await expect(invoke(event(1_048_577), { InvocationType: "Event" })).rejects.toEqual(tooLarge(1_048_576));
  });

  test("a response of 6,291,556 bytes is handed over, one byte more is a failure of the function", async () => {
    const whole = await invoke(JSON.stringify({ answer: 6_291_556 }));
    expect(whole.FunctionError).toBeUndefined();
    expect(whole.Payload).toHaveLength(6_291_556);
    const over = await invoke(JSON.stringify({ answer: 6_291_557 }));
    expect(over).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(Buffer.from(over.Payload ?? []).toString())).toEqual({
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      errorType: "Function.ResponseSizeTooLarge",
    });
  });

  test("a client context of 3,583 bytes is taken, more is not", async () => {
    const context = (bytes: number): string => Buffer.from(`{"custom":{"a":"${"c".repeat(bytes - 19)}"}}`).toString("base64");
    expect(Buffer.from(context(3_583), "base64")).toHaveLength(3_583);
    expect((await invoke('{"answer":9}', { ClientContext: context(3_583) })).StatusCode).toBe(200);
    await expect(invoke("{}", { ClientContext: context(3_584) })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
      message: "Client context must be no more than 3583 bytes of base64-encoded data.",
    });
  });
});

describe("streamed responses", () => {
  interface Streamed {
    bytes: number;
    complete: aws.InvokeWithResponseStreamCompleteEvent | undefined;
    version: string | undefined;
  }
  const stream = async (FunctionName: string, body: object): Promise<Streamed> => {
    const answer = await emulator.lambda.send(
      new aws.InvokeWithResponseStreamCommand({ FunctionName, Payload: JSON.stringify(body) }),
    );
    let bytes = 0;
    let complete: Streamed["complete"];
    for await (const part of answer.EventStream ?? []) {
      bytes += part.PayloadChunk?.Payload?.length ?? 0;
      complete ??= part.InvokeComplete;
    }
    return { bytes, complete, version: answer.ExecutedVersion };
  };

  test("may be larger than 6 MB", async () => {
    expect(await stream("stream", { bytes: 20_000_000 })).toMatchObject({ bytes: 20_000_000, complete: {} });
  });

  test("end at 200 MB, and say so", async () => {
    const { bytes, complete } = await stream("stream", { bytes: 209_715_201 });
    expect(bytes).toBe(209_715_200);
    expect(complete?.ErrorCode).toBe("Function.ResponseSizeTooLarge");
  });

  test("name the version that an alias' weights chose for them", async () => {
    const { lambda } = emulator;
    const publish = async (body: string): Promise<string> => {
      await lambda.send(new aws.UpdateFunctionCodeCommand({ FunctionName: "weighted", ZipFile: handlerZip(body) }));
      await aws.waitUntilFunctionUpdatedV2(
        { client: lambda, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 },
        { FunctionName: "weighted" },
      );
      return (await lambda.send(new aws.PublishVersionCommand({ FunctionName: "weighted" }))).Version ?? "";
    };
    await createFunction(lambda, "weighted", handlerZip("return 0;"));
    const [one, two] = [await publish(`return "one";`), await publish(`return "second";`)];
    const AdditionalVersionWeights = { [two]: 0.5 };
    await lambda.send(
      new aws.CreateAliasCommand({
        FunctionName: "weighted",
        Name: "live",
        FunctionVersion: one,
        RoutingConfig: { AdditionalVersionWeights },
      }),
    );
    const seen = new Set<string>();
    // Both were met, each time with the answer of the version that was named; 40 of one kind happen once in 10^12 runs.
    for (let count = 0; count < 40; count++) {
      const { bytes, version } = await stream("weighted:live", {});
      expect(bytes).toBe(version === one ? 5 : 8);
      seen.add(version ?? "");
    }
    expect([...seen].toSorted()).toEqual([one, two].toSorted());
  });
});

test("under the times of AWS: ten synchronous requests a second for each reserved unit, with reason and Retry-After", async () => {
  const real = await startEmulatorProcess(
    "--fidelity",
    "aws",
    "--create-ms",
    "0",
    "--hop-ms",
    "0",
    "--cold-start-ms",
    "0",
    "--init-ms",
    "0",
    "--cpu",
    "off",
  );
  try {
    await createFunction(real.lambda, "limited", handlerZip("return 1;"));
    await real.lambda.send(new aws.PutFunctionConcurrencyCommand({ FunctionName: "limited", ReservedConcurrentExecutions: 1 }));
    const refusal = await until("a request over the rate", async () => {
      try {
        await real.lambda.send(new aws.InvokeCommand({ FunctionName: "limited" }));
      } catch (error) {
        return error as aws.TooManyRequestsException;
      }
      return undefined;
    });
    expect(refusal).toMatchObject({
      name: "TooManyRequestsException",
      message: "Rate Exceeded.",
      Reason: "ReservedFunctionInvocationRateLimitExceeded",
      retryAfterSeconds: "1",
      $metadata: { httpStatusCode: 429 },
    });
    // Asynchronous ones are limited by concurrency only.
    for (let count = 0; count < 20; count++) {
      const { StatusCode } = await real.lambda.send(new aws.InvokeCommand({ FunctionName: "limited", InvocationType: "Event" }));
      expect(StatusCode).toBe(202);
    }
  } finally {
    await real.stop();
  }
});
