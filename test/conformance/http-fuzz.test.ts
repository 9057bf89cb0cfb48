import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { corpus } from "./http/corpus.ts";
import { anyRequest } from "./http/requests.ts";
import type { AnyRequest } from "./http/requests.ts";
import { createFunction, handlerZip, role, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

const long = process.env["FUSIONIZE_LONG"] === "1";
const limit = long ? 1_800_000 : 60_000;
const runs = (short: number): { numRuns: number } => ({ numRuns: long ? short * 50 : short });

let folder: string;
let emulator: EmulatorProcess;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "fusionize-fuzz-"));
  // Whatever climbs out of the data folder lands between these.
  mkdirSync(join(folder, "outer", "inner"), { recursive: true });
  emulator = await startEmulatorProcess("--fidelity", "fast", "--data", join(folder, "outer", "inner", "data"));
  port = Number(new URL(emulator.endpoint).port);
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await createFunction(emulator.lambda, "victim", handlerZip("return event;")).catch(() => undefined);
});
afterEach(async () => {
  expect(emulator.process.exitCode).toBeNull();
  expect((await fetch(`${emulator.endpoint}/_emulator/state`)).status).toBe(200);
  expect([readdirSync(folder), readdirSync(join(folder, "outer")), readdirSync(join(folder, "outer", "inner"))]).toEqual([
    ["outer"],
    ["inner"],
    ["data"],
  ]);
});

/** Sends bytes and closes its side; resolves with what came back once the emulator has closed too. Rejects after ten seconds. */
const exchange = (bytes: string | Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    let text = "";
    const slow = setTimeout(() => {
      socket.destroy();
      reject(new Error("The connection hangs"));
    }, 10_000);
    socket.on("data", (data) => (text += data.toString("latin1")));
    socket.on("error", () => {});
    socket.once("close", () => {
      clearTimeout(slow);
      resolve(text);
    });
    socket.once("end", () => socket.end());
    socket.write(bytes);
    // Not at once: half of an answer could be lost with the connection.
    socket.once("connect", () => setImmediate(() => socket.end()));
  });

test.each(corpus)("bytes that are no good request: %s", async (_name, bytes) => {
  const answer = await exchange(bytes);
  expect(answer).not.toMatch(/^HTTP\/1.1 5/);
  expect(answer).not.toContain("root:");
});

test(
  "any bytes, and any change to a good request, are answered or dropped",
  async () => {
    const good = Buffer.from(
      'POST /2015-03-31/functions/victim/invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Amz-Log-Type: Tail\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{"a":"b"}',
    );
    const changed = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
    const cut = fc.nat(good.length).map((length) => good.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), changed, cut), async (bytes) => {
        expect(await exchange(bytes)).not.toMatch(/^HTTP\/1.1 5/);
      }),
      runs(300),
    );
  },
  limit,
);

const send = async ({ method, path, target, body }: AnyRequest): Promise<{ status: number; text: string }> => {
  const answer = await fetch(emulator.endpoint + path, {
    method,
    headers: { "content-type": "application/json", ...(target === undefined ? {} : { "x-amz-target": target }) },
    ...(method === "GET" ? {} : { body }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, text: await answer.text() };
};

test(
  "requests of good form are never an internal error, whatever they hold",
  async () => {
    await fetch(emulator.endpoint, {
      method: "POST",
      headers: { "x-amz-target": "Logs_20140328.CreateLogGroup" },
      body: '{"logGroupName":"/fuzz"}',
    });
    await fc.assert(
      fc.asyncProperty(anyRequest, async (request) => {
        // A Live Tail session would go on; its requests are those of the other operations.
        fc.pre(request.target !== "Logs_20140328.StartLiveTail");
        const { status, text } = await send(request);
        expect(status, text).toBeLessThan(500);
      }),
      runs(1_000),
    );
  },
  limit,
);

test(
  "archives changed at any byte are deployed whole or refused",
  async () => {
    const zip = Buffer.from(
      zipSync({
        "index.mjs": strToU8("export const handler = () => 1;"),
        "a/b.txt": strToU8("x".repeat(100)),
        "a/c": strToU8("y"),
      }),
    );
    const changes = fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    let number = 0;
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = Buffer.from(zip);
        for (const [at, value] of list) bytes[at] = value;
        const FunctionName = `zip${number++}`;
        const { status, text } = await send({
          method: "POST",
          path: "/2015-03-31/functions",
          body: JSON.stringify({
            FunctionName,
            Runtime: "nodejs24.x",
            Handler: "index.handler",
            Role: role,
            Code: { ZipFile: bytes.toString("base64") },
          }),
        });
        expect([201, 400], text).toContain(status);
        if (status === 201) await send({ method: "DELETE", path: `/2015-03-31/functions/${FunctionName}`, body: "" });
      }),
      runs(150),
    );
  },
  limit,
);

test.each([
  ["a file below a file", { a: "x", "a/b": "y" }],
  ["a folder and a file of one name", { "a/": "", a: "x" }],
  ["a name that is too long", { ["n".repeat(300)]: "x" }],
  ["names that differ in nothing a file system sees", { "./a": "x", a: "y" }],
])("an archive with %s is refused or deployed", async (_title, files) => {
  const zip = Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
  const body = {
    FunctionName: "odd",
    Runtime: "nodejs24.x",
    Handler: "a.b",
    Role: role,
    Code: { ZipFile: zip.toString("base64") },
  };
  const { status, text } = await send({ method: "POST", path: "/2015-03-31/functions", body: JSON.stringify(body) });
  expect([201, 400], text).toContain(status);
  await send({ method: "DELETE", path: "/2015-03-31/functions/odd", body: "" });
});
