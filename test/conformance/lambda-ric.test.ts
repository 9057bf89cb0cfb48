import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { strToU8, zipSync } from "fflate";
import type { Zippable } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFunction, invoke, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

const run = promisify(execFile);

/**
 * The native part of AWS's runtime client is an HTTP client for three calls of the Runtime API, and takes minutes, cmake and a C++ compiler to build. In its
 * place stands this module, under its file name: everything else of the client is as published.
 */
const nativePart = `
const { execFileSync } = require("node:child_process");
const base = "http://" + process.env.AWS_LAMBDA_RUNTIME_API + "/2018-06-01/runtime/invocation/";
const program = "const [url, type] = process.argv.slice(1); let body = ''; process.stdin.on('data', (d) => body += d).on('end', () => fetch(url, { method: 'POST', body, headers: type ? { 'Lambda-Runtime-Function-Error-Type': type } : {} }).then((r) => process.exit(r.status === 202 ? 0 : 1)));";
const post = (url, body, type = "") => execFileSync(process.execPath, ["-e", program, url, type], { input: body });
module.exports = {
  next: async () => { const r = await fetch(base + "next"); return { bodyJson: await r.text(), headers: Object.fromEntries(r.headers) }; },
  done: (id, body) => post(base + id + "/response", body),
  error: (id, body) => post(base + id + "/error", body, JSON.parse(body).errorType),
};`;
const preload = `
const Module = require("node:module");
const load = Module._load;
Module._load = function (name, ...rest) { return name.endsWith("rapid-client.node") ? load.call(this, __dirname + "/native.cjs", ...rest) : load.call(this, name, ...rest); };`;

const handler = `
let count = 0;
exports.handler = async (event, context) => {
  console.log("seen", event);
  if (event.fail) throw new RangeError("no");
  if (event.exit) process.exit(3);
  return { event, count: ++count, id: context.awsRequestId, left: context.getRemainingTimeInMillis() > 0, arn: context.invokedFunctionArn };
};`;

let folder: string;
let emulator: EmulatorProcess | undefined;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ric-test-"));
  emulator = await startEmulatorProcess("--fidelity", "fast");
});
afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The published package of a version, not installed: its scripts would build the native part. Undefined without a registry. */
async function published(version: string): Promise<string | undefined> {
  const into = join(folder, version);
  mkdirSync(into);
  try {
    await run("npm", ["pack", "--silent", `aws-lambda-ric@${version}`, "--pack-destination", into], { timeout: 60_000 });
    await run("tar", ["xzf", join(into, `aws-lambda-ric-${version}.tgz`), "-C", into]);
  } catch {
    return undefined;
  }
  return join(into, "package");
}

function files(from: string, to: string, into: Zippable): Zippable {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.name === "deps") continue;
    if (entry.isDirectory()) files(join(from, entry.name), `${to}/${entry.name}`, into);
    else into[`${to}/${entry.name}`] = new Uint8Array(readFileSync(join(from, entry.name)));
  }
  return into;
}

describe.skipIf(process.platform !== "linux").each([
  ["4.0.2", `cd "$LAMBDA_TASK_ROOT" && exec ${process.execPath} --require ./preload.cjs ric/index.mjs`],
  ["3.3.0", `cd "$LAMBDA_TASK_ROOT" && exec ${process.execPath} --require ./preload.cjs ric/bin/index.mjs app.handler`],
])("AWS's runtime client aws-lambda-ric %s", (version, command) => {
  test("runs on the Runtime API unmodified", { timeout: 120_000 }, async (context) => {
    const ric = await published(version);
    if (ric === undefined || !existsSync(ric)) return context.skip("the npm registry cannot be reached");
    const { lambda } = emulator as EmulatorProcess;
    const name = `ric-${version.replaceAll(".", "-")}`;
    const zip = zipSync(
      files(ric, "ric", {
        bootstrap: [strToU8(`#!/bin/sh\n${command}\n`), { os: 3, attrs: 0o755 << 16 }],
        "preload.cjs": strToU8(preload),
        "native.cjs": strToU8(nativePart),
        "app.js": strToU8(handler),
      }),
    );
    await createFunction(lambda, name, zip, { Runtime: "provided.al2023", Handler: "app.handler", Timeout: 20, MemorySize: 512 });
    const first = await invoke(lambda, name, { n: 1 }, { LogType: "Tail" });
    expect(first).toMatchObject({ error: undefined, value: { event: { n: 1 }, count: 1, left: true } });
    expect(first.tail).toMatch(/\tINFO\tseen \{ n: 1 \}/);
    expect((first.value as { arn: string }).arn).toBe(`arn:aws:lambda:us-east-1:123456789012:function:${name}`);
    expect((await invoke(lambda, name, { n: 2 })).value).toMatchObject({ count: 2 });
    expect(await invoke(lambda, name, { fail: true })).toMatchObject({
      error: "Unhandled",
      value: { errorType: "RangeError", errorMessage: "no" },
    });
    expect((await invoke(lambda, name, { exit: true })).value).toMatchObject({ errorType: "Runtime.ExitError" });
    expect((await invoke(lambda, name)).value).toMatchObject({ count: 1 });
  });
});
