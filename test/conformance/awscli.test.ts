import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Aws, findAws } from "./awscli/command.ts";
import { handlerZip, role } from "./lambda/emulator-process.ts";

const found = await findAws();
const cli = fileURLToPath(new URL("../../extension/cli/main.ts", import.meta.url));
const title =
  typeof found === "string"
    ? `aws of the command line (skipped: ${found})`
    : "aws of the command line, against `fusionize emulator`";

describe.skipIf(typeof found === "string")(title, () => {
  let emulator: ChildProcess;
  let home: string;
  let aws: Aws;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "fusionize-awscli-"));
    for (const [file, version] of [
      ["one.zip", 1],
      ["two.zip", 2],
    ] as const) {
      const body = `process.stdout.write(JSON.stringify({ level: "info", n: event.n }) + "\\n"); return { got: event, v: ${version} };`;
      writeFileSync(join(home, file), handlerZip(body));
    }
    emulator = spawn(process.execPath, [cli, "emulator", "--port", "0", "--fidelity", "fast", "--data", join(home, "data")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve) => createInterface(emulator.stdout!).once("line", resolve));
    aws = new Aws((found as { command: string }).command, (JSON.parse(line) as { endpoint: string }).endpoint, home);
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => emulator.once("exit", resolve));
    emulator.kill("SIGTERM");
    await ended;
    rmSync(home, { recursive: true, force: true });
  });

  const invoke = async (...more: string[]): Promise<{ status: Record<string, unknown>; value: unknown }> => {
    const raw = (found as { major: number }).major >= 2 ? ["--cli-binary-format", "raw-in-base64-out"] : [];
    const out = join(home, "out.json");
    const status = await aws.json("lambda", "invoke", "--function-name", "hello", ...raw, ...more, out);
    const text = readFileSync(out, "utf8");
    return { status, value: text === "" ? undefined : JSON.parse(text) };
  };
  /** Waits for a line of a running command that holds the text. */
  const line = (child: ChildProcess, text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      createInterface(child.stdout!).on("line", (shown) => shown.includes(text) && resolve(shown));
      child.once("exit", (code) => reject(new Error(`It ended with ${code} before it showed “${text}”`)));
    });

  test("lambda: create, wait, invoke, list in pages, update, publish, alias, concurrency, tags", async () => {
    const create = (name: string): Promise<Record<string, unknown>> =>
      aws.json(
        "lambda",
        "create-function",
        "--function-name",
        name,
        "--runtime",
        "nodejs24.x",
        "--handler",
        "index.handler",
        "--role",
        role,
        "--zip-file",
        "fileb://one.zip",
        "--tags",
        "app=hello",
        "--environment",
        "Variables={AA=1}",
      );
    const [created] = await Promise.all([create("hello"), create("other")]);
    expect(created).toMatchObject({ FunctionName: "hello", State: "Pending", Runtime: "nodejs24.x", MemorySize: 128 });
    await aws.text("lambda", "wait", "function-active-v2", "--function-name", "hello");
    const answer = await invoke("--payload", '{"n":1}', "--log-type", "Tail");
    expect(answer.value).toEqual({ got: { n: 1 }, v: 1 });
    expect(answer.status).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(Buffer.from(answer.status["LogResult"] as string, "base64").toString()).toMatch(/REPORT RequestId: /);
    expect(
      await aws.text("lambda", "list-functions", "--page-size", "1", "--query", "Functions[].FunctionName", "--output", "text"),
    ).toMatch(/hello\s+other/);
    const first = await aws.json("lambda", "publish-version", "--function-name", "hello");
    expect(first).toMatchObject({ Version: "1" });
    expect(
      await aws.json("lambda", "update-function-configuration", "--function-name", "hello", "--memory-size", "256"),
    ).toMatchObject({ LastUpdateStatus: "InProgress" });
    await aws.text("lambda", "wait", "function-updated", "--function-name", "hello");
    await aws.json("lambda", "update-function-code", "--function-name", "hello", "--zip-file", "fileb://two.zip");
    await aws.text("lambda", "wait", "function-updated-v2", "--function-name", "hello");
    await aws.json("lambda", "publish-version", "--function-name", "hello");
    const alias = ["--function-name", "hello", "--name", "live", "--function-version", "1"];
    await aws.json("lambda", "create-alias", ...alias, "--routing-config", "AdditionalVersionWeights={2=1}");
    expect(await invoke("--qualifier", "live", "--payload", "{}")).toMatchObject({
      value: { v: 2 },
      status: { ExecutedVersion: "2" },
    });
    expect((await invoke("--invocation-type", "Event", "--payload", '{"n":2}')).status).toEqual({ StatusCode: 202 });
    await aws.json("lambda", "put-function-concurrency", "--function-name", "other", "--reserved-concurrent-executions", "0");
    await expect(aws.json("lambda", "invoke", "--function-name", "other", join(home, "out.json"))).rejects.toThrow(
      /An error occurred \(TooManyRequestsException\) when calling the Invoke operation.*: Rate Exceeded\./,
    );
    const listed = await aws.json("lambda", "list-tags", "--resource", created["FunctionArn"] as string);
    expect(listed).toEqual({ Tags: { app: "hello" } });
    await aws.text("lambda", "delete-function", "--function-name", "other");
    await expect(aws.json("lambda", "get-function", "--function-name", "other")).rejects.toThrow(
      /An error occurred \(ResourceNotFoundException\) when calling the GetFunction operation.*: Function not found: arn:aws:lambda:us-east-1:123456789012:function:other/,
    );
  });

  test("lambda: a function URL, opened by its permissions", async () => {
    const made = await aws.json<{ FunctionUrl: string }>(
      "lambda",
      "create-function-url-config",
      "--function-name",
      "hello",
      "--auth-type",
      "NONE",
    );
    const permit = (id: string, ...more: string[]): Promise<unknown> =>
      aws.json("lambda", "add-permission", "--function-name", "hello", "--statement-id", id, "--principal", "*", ...more);
    await permit("url", "--action", "lambda:InvokeFunctionUrl", "--function-url-auth-type", "NONE");
    await permit("function", "--action", "lambda:InvokeFunction");
    const { host, port } = new URL(made.FunctionUrl);
    const body = await new Promise<string>((resolve, reject) => {
      request({ host: "127.0.0.1", port, path: "/a?b=c", headers: { host } }, (answer) => {
        let text = "";
        answer.on("data", (bytes: Buffer) => (text += bytes.toString())).once("end", () => resolve(text));
      })
        .once("error", reject)
        .end();
    });
    expect(JSON.parse(body)).toMatchObject({ got: { rawPath: "/a", rawQueryString: "b=c" } });
    const { Policy } = await aws.json<{ Policy: string }>("lambda", "get-policy", "--function-name", "hello");
    expect((JSON.parse(Policy) as { Statement: object[] }).Statement).toHaveLength(2);
  });

  test("logs: describe, get, filter in pages, put, query", async () => {
    const group = "/aws/lambda/hello";
    const filter = (pattern: string, ...more: string[]): Promise<{ events: { message: string }[] }> =>
      aws.json("logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", pattern, ...more);
    expect(await aws.text("logs", "describe-log-groups", "--query", "logGroups[].logGroupName", "--output", "text")).toContain(
      group,
    );
    const all = await filter('{ $.level = "info" }', "--page-size", "1");
    expect(all.events.length).toBeGreaterThanOrEqual(3);
    expect((await filter("{ $.n = 2 }")).events.map(({ message }) => message.trim())).toEqual(['{"level":"info","n":2}']);
    const streams = ["logs", "describe-log-streams", "--log-group-name", group, "--order-by", "LastEventTime", "--descending"];
    const { logStreams } = await aws.json<{ logStreams: { logStreamName: string }[] }>(...streams);
    const stream = ["--log-group-name", group, "--log-stream-name", logStreams[0]?.logStreamName ?? ""];
    const page = await aws.json<{ events: { message: string }[] }>("logs", "get-log-events", ...stream, "--start-from-head");
    expect(page.events[0]?.message).toMatch(/^INIT_START /);

    await aws.text("logs", "create-log-group", "--log-group-name", "/own", "--tags", "a=b");
    await aws.text("logs", "create-log-stream", "--log-group-name", "/own", "--log-stream-name", "s");
    await aws.text("logs", "put-retention-policy", "--log-group-name", "/own", "--retention-in-days", "7");
    const events = JSON.stringify([{ timestamp: Date.now(), message: "hello" }]);
    await aws.json("logs", "put-log-events", "--log-group-name", "/own", "--log-stream-name", "s", "--log-events", events);
    const seconds = Math.floor(Date.now() / 1000);
    const range = ["--start-time", String(seconds - 60), "--end-time", String(seconds + 60)];
    const { queryId } = await aws.json<{ queryId: string }>(
      "logs",
      "start-query",
      "--log-group-name",
      "/own",
      ...range,
      "--query-string",
      "fields @message | filter @message like /ell/",
    );
    const query = await aws.json("logs", "get-query-results", "--query-id", queryId);
    expect(query).toMatchObject({ status: "Complete", results: [[{ field: "@message", value: "hello" }, { field: "@ptr" }]] });
  });

  const tail = typeof found !== "string" && found.major >= 2;
  test.skipIf(!tail)(`logs tail and logs tail --follow${tail ? "" : " (skipped: only in major version 2)"}`, async () => {
    expect(await aws.text("logs", "tail", "/aws/lambda/hello", "--since", "10m", "--format", "short")).toMatch(
      /REPORT RequestId/,
    );
    const following = aws.start("logs", "tail", "/own", "--since", "10m", "--follow", "--filter-pattern", "?hello ?again");
    try {
      await line(following, "hello");
      const events = JSON.stringify([{ timestamp: Date.now(), message: "and again" }]);
      const [shown] = await Promise.all([
        line(following, "and again"),
        aws.json("logs", "put-log-events", "--log-group-name", "/own", "--log-stream-name", "s", "--log-events", events),
      ]);
      expect(shown).toMatch(/ s and again$/);
    } finally {
      following.removeAllListeners("exit");
      const ended = new Promise((resolve) => following.once("exit", resolve));
      following.kill("SIGKILL");
      await ended;
    }
  });
});
