import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  ListFunctionUrlConfigsCommand,
  RemovePermissionCommand,
  UpdateFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, moduleZip, startEmulatorProcess } from "./lambda/emulator-process.ts";
import type { EmulatorProcess } from "./lambda/emulator-process.ts";

let emulator: EmulatorProcess;
beforeAll(async () => {
  emulator = await startEmulatorProcess("--fidelity", "fast");
});
afterAll(async () => void (await emulator.stop()));

interface Answer {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}
/** Names below `.localhost` are this machine by definition; not every resolver knows, so the address is given. */
const call = (
  url: string,
  options: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const { hostname, port, host, pathname, search } = new URL(url);
  expect(hostname).toMatch(/\.localhost$/);
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: "127.0.0.1",
        port,
        path: pathname + search,
        method: options.method ?? "GET",
        headers: { host, ...options.headers },
      },
      (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (text: string) => (body += text));
        answer.once("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
      },
    );
    asking.once("error", reject).end(options.body);
  });
};
/** The two statements that a public URL needs. */
const STATEMENTS = {
  url: { Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
  function: { Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true },
} as const;
const permitOne = (FunctionName: string, which: keyof typeof STATEMENTS) =>
  emulator.lambda.send(new AddPermissionCommand({ FunctionName, StatementId: which, Principal: "*", ...STATEMENTS[which] }));
const permit = async (name: string): Promise<void> => {
  await permitOne(name, "url");
  await permitOne(name, "function");
};
const urlOf = async (name: string, more: { InvokeMode?: "RESPONSE_STREAM"; Cors?: object } = {}): Promise<string> =>
  (await emulator.lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType: "NONE", ...more })))
    .FunctionUrl ?? "";

test("a URL needs both permissions, then hands over the request and takes the answer apart", async () => {
  await createFunction(
    emulator.lambda,
    "web",
    handlerZip(
      `if (event.rawPath === "/plain") return { hello: 1 }; return { statusCode: 201, headers: { "X-Own": "yes" }, cookies: ["a=1"], body: JSON.stringify(event) };`,
    ),
  );
  const url = await urlOf("web");
  const forbidden = await call(url);
  expect(forbidden.status).toBe(403);
  expect(JSON.parse(forbidden.body)).toEqual({
    Message:
      "Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
  });
  await permit("web");
  const answer = await call(`${url}a/b?x=1&x=2&y=z`, {
    method: "POST",
    body: '{"n":1}',
    headers: { "content-type": "application/json", cookie: "c=1; d=2" },
  });
  expect(answer).toMatchObject({ status: 201, headers: { "x-own": "yes", "set-cookie": ["a=1"] } });
  expect(JSON.parse(answer.body)).toMatchObject({
    version: "2.0",
    rawPath: "/a/b",
    rawQueryString: "x=1&x=2&y=z",
    queryStringParameters: { x: "1,2", y: "z" },
    cookies: ["c=1", "d=2"],
    body: '{"n":1}',
    isBase64Encoded: false,
    requestContext: { http: { method: "POST", path: "/a/b" }, accountId: "anonymous" },
  });
  const plain = await call(`${url}plain`);
  expect(plain).toMatchObject({ status: 200, body: '{"hello":1}' });
  expect(plain.headers["content-type"]).toBe("application/json");
});

test.each(["url", "function"] as const)(
  "one of the two permissions alone, %s, is not enough; taken away again it is none",
  async (which) => {
    const other = which === "url" ? "function" : "url";
    const name = `half-${which}`;
    await createFunction(emulator.lambda, name, handlerZip("return 1;"));
    const url = await urlOf(name);
    await permitOne(name, which);
    expect((await call(url)).status).toBe(403);
    await permitOne(name, other);
    expect((await call(url)).status).toBe(200);
    await emulator.lambda.send(new RemovePermissionCommand({ FunctionName: name, StatementId: which }));
    expect((await call(url)).status).toBe(403);
  },
);

test("a failing function is a 502, and the emulator's own paths do not shine through", async () => {
  await createFunction(
    emulator.lambda,
    "broken",
    handlerZip(`if (event.rawPath === "/_emulator/state") return "mine"; throw new Error("no");`),
  );
  const url = await urlOf("broken");
  await permit("broken");
  expect(await call(url)).toMatchObject({ status: 502, body: '{"Message":"Internal Server Error"}' });
  expect((await call(`${url}_emulator/state`)).body).toBe("mine");
});

test("a streamed answer has the status and headers of its metadata", async () => {
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    const out = awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { "content-type": "text/plain", "x-own": "1" } });
    out.write("one "); await new Promise((r) => setTimeout(r, 10)); out.end("two");
  });`;
  await createFunction(emulator.lambda, "stream", moduleZip(source));
  const url = await urlOf("stream", { InvokeMode: "RESPONSE_STREAM" });
  await permit("stream");
  expect(await call(url)).toMatchObject({
    status: 202,
    body: "one two",
    headers: { "content-type": "text/plain", "x-own": "1" },
  });
});

test("CORS: a preflight is answered by the configuration", async () => {
  await createFunction(emulator.lambda, "cors", handlerZip(`return "ok";`));
  const url = await urlOf("cors", { Cors: { AllowOrigins: ["https://example.com"], AllowMethods: ["GET"], MaxAge: 60 } });
  await permit("cors");
  const preflight = await call(url, {
    method: "OPTIONS",
    headers: { origin: "https://example.com", "access-control-request-method": "GET" },
  });
  expect(preflight).toMatchObject({
    status: 200,
    headers: { "access-control-allow-origin": "https://example.com", "access-control-max-age": "60" },
  });
  const other = await call(url, { headers: { origin: "https://other.example" } });
  expect(other.headers["access-control-allow-origin"]).toBeUndefined();
});

test("configurations can be read, changed, listed and removed", async () => {
  const { lambda } = emulator;
  const shown = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: "web" }));
  expect(shown).toMatchObject({ AuthType: "NONE", InvokeMode: "BUFFERED" });
  await lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName: "web", AuthType: "AWS_IAM" }));
  expect((await call(shown.FunctionUrl ?? "")).status).toBe(403);
  expect((await lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName: "web" }))).FunctionUrlConfigs).toHaveLength(1);
  await expect(lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: "web", AuthType: "NONE" }))).rejects.toMatchObject({
    name: "ResourceConflictException",
  });
  await lambda.send(new DeleteFunctionUrlConfigCommand({ FunctionName: "web" }));
  await expect(lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: "web" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "The resource you requested does not exist.",
  });
  expect((await call(shown.FunctionUrl ?? "")).status).toBe(404);
});
