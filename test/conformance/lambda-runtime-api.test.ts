import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { InvokeWithResponseStreamCommand } from "@aws-sdk/client-lambda";
import { createFunction, invoke, logLines, startEmulatorProcess, until } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast");
});
afterAll(async () => void (await emulator.stop()));

const executable = (script: string): Uint8Array => zipSync({ bootstrap: [strToU8(script), { os: 3, attrs: 0o755 << 16 }] });
const custom = { Runtime: "provided.al2023", Handler: "function.handler", Timeout: 5 } as const;

/** A runtime client in a few lines: `handle(event, headers)` gives the answer, or a function that answers in its own way. */
const client = (handle: string): Uint8Array =>
  executable(`#!${process.execPath}
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/";
const handle = ${handle};
(async () => {
  for (;;) {
    const next = await fetch(base + "invocation/next");
    const id = next.headers.get("lambda-runtime-aws-request-id");
    const event = await next.json();
    try {
      const result = await handle(event, next.headers, id);
      if (result !== undefined) await fetch(base + "invocation/" + id + "/response", { method: "POST", body: JSON.stringify(result) });
    } catch (error) {
      await fetch(base + "invocation/" + id + "/error", { method: "POST", body: JSON.stringify({ errorType: error.name, errorMessage: error.message }) });
    }
  }
})();
`);

test("a shell script with curl, as in the developer guide, serves requests one after another", async () => {
  const script = `#!/bin/sh
set -eu
echo "starting \${_HANDLER}"
while true; do
  headers=$(mktemp)
  event=$(curl -sS -LD "$headers" "http://\${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/next")
  id=$(grep -Fi Lambda-Runtime-Aws-Request-Id "$headers" | tr -d '[:space:]' | cut -d: -f2)
  curl -sS "http://\${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/$id/response" -d "{\\"got\\":$event,\\"own\\":\\"$OWN\\"}" > /dev/null
done
`;
  await createFunction(emulator.lambda, "shell", executable(script), {
    ...custom,
    Environment: { Variables: { OWN: "it's a $HOME" } },
  });
  for (const n of [1, 2, 3])
    expect((await invoke(emulator.lambda, "shell", { n })).value).toEqual({ got: { n }, own: "it's a $HOME" });
  const lines = await logLines(emulator.logs, "shell");
  expect(lines.filter((line) => line === "starting function.handler")).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith("REPORT"))).toHaveLength(3);
});

test("the headers of an invocation, its errors, and an exit", async () => {
  await createFunction(
    emulator.lambda,
    "client",
    client(
      `(event, headers) => { if (event.fail) throw new RangeError("no"); if (event.exit) process.exit(3); return Object.fromEntries(headers); }`,
    ),
    custom,
  );
  const { value } = await invoke(
    emulator.lambda,
    "client",
    {},
    { ClientContext: Buffer.from('{"custom":{"a":1}}').toString("base64") },
  );
  expect(value).toMatchObject({
    "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:client",
    "lambda-runtime-client-context": '{"custom":{"a":1}}',
  });
  expect(Number((value as Record<string, string>)["lambda-runtime-deadline-ms"]) - Date.now()).toBeLessThanOrEqual(5_000);
  expect(await invoke(emulator.lambda, "client", { fail: true })).toMatchObject({
    error: "Unhandled",
    value: { errorType: "RangeError", errorMessage: "no" },
  });
  expect((await invoke(emulator.lambda, "client", { exit: true })).value).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/exit status 3$/) as never,
  });
  expect((await invoke(emulator.lambda, "client")).error).toBeUndefined();
});

test("wrong ids and too large responses are refused", async () => {
  const probing = `async (event, headers, id) => {
    const post = async (path, body) => (await fetch(base + path, { method: "POST", body })).status;
    return [await post("invocation/other/response", "1"), await post("nonsense", "1")];
  }`;
  await createFunction(emulator.lambda, "probing", client(probing), custom);
  expect((await invoke(emulator.lambda, "probing")).value).toEqual([400, 404]);
});

test("a streamed response passes on chunk by chunk", async () => {
  const streaming = `async (event, headers, id) => {
    const { request } = require("node:http");
    await new Promise((resolve) => {
      const out = request(base + "invocation/" + id + "/response", { method: "POST", headers: { "Lambda-Runtime-Function-Response-Mode": "streaming", "content-type": "text/plain", "transfer-encoding": "chunked" } }, (answer) => { answer.resume(); answer.on("end", resolve); });
      out.write("a");
      setTimeout(() => out.end("b"), 20);
    });
  }`;
  await createFunction(emulator.lambda, "streaming", client(streaming), custom);
  const answer = await emulator.lambda.send(new InvokeWithResponseStreamCommand({ FunctionName: "streaming" }));
  const parts: string[] = [];
  for await (const part of answer.EventStream ?? [])
    if (part.PayloadChunk?.Payload !== undefined) parts.push(Buffer.from(part.PayloadChunk.Payload).toString());
  expect(parts).toEqual(["a", "b"]);
});

test("a missing executable is an INIT failure, and no process stays when a function goes", async () => {
  await createFunction(emulator.lambda, "nothing", zipSync({ "other.txt": strToU8("x") }), custom);
  expect(await invoke(emulator.lambda, "nothing")).toMatchObject({
    error: "Unhandled",
    value: { errorType: "Runtime.ExitError" },
  });
  await until("its instance is idle", async () =>
    (await (await fetch(`${emulator.endpoint}/_emulator/state`)).text()).includes("nothing"),
  );
});
