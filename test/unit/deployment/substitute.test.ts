/**
 * What the bundler makes of the SDKs in an existing application: the bundle is built and run, as an instance would, without
 * any service behind it. Whatever an invocation finds inside cannot have left the process.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { assertUsable, loadApp } from "../../../extension/application/app.ts";
import { createBundler } from "../../../extension/deployment/index.ts";

const execute = promisify(execFile);
const packages = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const bundler = createBundler();
const made: string[] = [];
afterAll(async () => {
  await bundler.dispose();
  await Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true })));
});

const template = (functions: string) => `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Timeout: 5, Environment: { Variables: { BACK: back } } } }
Resources:
  Front: { Type: AWS::Serverless::Function, Properties: { ${functions} } }
  Back: { Type: AWS::Serverless::Function, Properties: { FunctionName: back, Handler: back.handler } }
`;

/** An app of two functions, the second inside the first. */
async function appOf(files: Record<string, string>, handler = "front.handler"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-substitute-"));
  made.push(folder);
  const all = {
    "template.yaml": template(`Handler: ${handler}`),
    "back.js": "exports.handler = async (event) => ({ ...event, back: true });",
    "fusionize.json": JSON.stringify({ functions: { Front: { inline: ["Back"], inlineAsync: ["Back"] } } }),
    ...files,
  };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  return folder;
}

async function bundled(folder: string): Promise<Record<string, Uint8Array>> {
  const app = await loadApp(folder);
  assertUsable(app);
  const bundles = await bundler.bundle(app);
  return bundles.find(({ root }) => root === "Front")!.files;
}

/** Invokes the function once, in a process with the environment of an instance. */
async function answerOf(files: Record<string, Uint8Array>): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "fusionize-instance-"));
  made.push(folder);
  for (const [file, bytes] of Object.entries(files)) await writeFile(join(folder, file), bytes);
  const context = `{ awsRequestId: "1", functionName: "app-local-Front", functionVersion: "7", memoryLimitInMB: "128",
    invokedFunctionArn: "arn:aws:lambda:eu-central-1:1:function:app-local-Front:live", getRemainingTimeInMillis: () => 5000 }`;
  const script = `import { handler } from "./index.mjs";
    console.log("ANSWER " + JSON.stringify(await handler({ n: 1 }, ${context})));`;
  await writeFile(join(folder, "invoke.mjs"), script);
  const env = {
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
    // Nothing listens there.
    AWS_ENDPOINT_URL_LAMBDA: "http://127.0.0.1:9",
    BACK: "back",
  };
  const { stdout } = await execute(process.execPath, ["--no-warnings", join(folder, "invoke.mjs")], { env, timeout: 60_000 });
  return JSON.parse(/^ANSWER (.*)$/m.exec(stdout)![1]!) as unknown;
}

async function linked(folder: string, name: string): Promise<void> {
  await mkdir(dirname(join(folder, "node_modules", name)), { recursive: true });
  await symlink(join(packages, name), join(folder, "node_modules", name), "junction");
}

const INPUT = `{ FunctionName: process.env.BACK, Payload: '{"n":2}' }`;

it.each([
  ["the whole second SDK, CommonJS, a promise", `const AWS = require("aws-sdk"); const client = new AWS.Lambda();`],
  [
    "its client alone",
    `const Lambda = require("aws-sdk/clients/lambda"); const client = new Lambda({ apiVersion: "2015-03-31" });`,
  ],
])("%s: what is invoked runs inside", async (_name, imports) => {
  const folder = await appOf({ "front.js": `${imports}\nexports.handler = () => client.invoke(${INPUT}).promise();` });
  await linked(folder, "aws-sdk");
  expect(await answerOf(await bundled(folder))).toEqual({
    StatusCode: 200,
    ExecutedVersion: "7",
    Payload: '{"n":2,"back":true}',
  });
});

it("the second SDK as an ES module: callback, bound parameters, invokeAsync, and a fault of the service", async () => {
  const folder = await appOf(
    {
      "fusionize.json": JSON.stringify({
        functions: { Front: { inline: ["Back"], inlineAsync: ["Back"] } },
        constraints: { lossTolerated: ["Back"] },
      }),
      "front.mjs": `import Lambda from "aws-sdk/clients/lambda.js";
const client = new Lambda({ params: { FunctionName: process.env.BACK }, maxRetries: 0 });
const elsewhere = new Lambda({ endpoint: "http://127.0.0.1:9", maxRetries: 0 });
export const handler = async () => {
  const called = await new Promise((resolve, reject) =>
    client.invoke({ Payload: '{"n":3}' }, (error, data) => (error ? reject(error) : resolve(data.Payload))));
  const sent = await client.invokeAsync({ FunctionName: process.env.BACK, InvokeArgs: '{"n":4}' }).promise();
  const refused = await client.invoke({ Payload: "{" }).promise().catch(({ code, statusCode }) => [code, statusCode]);
  const outside = await elsewhere.invoke(${INPUT}).promise().catch(({ code }) => code);
  return { called, sent, refused, outside };
};`,
    },
    "front.handler",
  );
  await linked(folder, "aws-sdk");
  expect(await answerOf(await bundled(folder))).toEqual({
    called: '{"n":3,"back":true}',
    sent: { Status: 202 },
    refused: ["InvalidRequestContentException", 400],
    outside: "UnknownEndpoint",
  });
});

it("an address where nobody answers rejects in each SDK's own way, and is no answer of the function", async () => {
  const folder = await appOf({
    "fusionize.json": "{}",
    "front.js": `const Lambda = require("aws-sdk/clients/lambda");
const { Lambda: Newer } = require("@aws-sdk/client-lambda");
exports.handler = async () => [
  await new Lambda({ maxRetries: 0 }).invoke(${INPUT}).promise().catch(({ code }) => code),
  await new Newer({ maxAttempts: 1 }).invoke(${INPUT}).catch(({ code }) => code),
];`,
  });
  await linked(folder, "aws-sdk");
  expect(await answerOf(await bundled(folder))).toEqual(["UnknownEndpoint", "ECONNREFUSED"]);
});

it("two copies of the third SDK and the second in one function, each with classes of its own, and JSON beside them", async () => {
  const ask = (
    from: string,
  ) => `const { InvokeCommand, LambdaClient, LambdaServiceException } = require("@aws-sdk/client-lambda");
const client = new LambdaClient({});
exports.ask = async () => {
  const { Payload } = await client.send(new InvokeCommand(${INPUT}));
  const refused = await client.send(new InvokeCommand({ ...${INPUT}, Payload: "{" })).catch((error) => error);
  return [${JSON.stringify(from)}, Payload.transformToString(), refused instanceof LambdaServiceException, refused.name];
};
exports.LambdaServiceException = LambdaServiceException;`;
  const folder = await appOf({
    "front.js": `const own = require("./ask"), other = require("other"), settings = require("./settings.json");
const Lambda = require("aws-sdk/clients/lambda");
exports.handler = async () => ({
  own: await own.ask(), other: await other.ask(), old: (await new Lambda().invoke(${INPUT}).promise()).Payload,
  differ: own.LambdaServiceException !== other.LambdaServiceException, settings,
});`,
    "ask.js": ask("own"),
    "settings.json": `{ "currency": "EUR" }`,
    "node_modules/other/package.json": `{ "name": "other", "version": "1.0.0" }`,
    "node_modules/other/index.js": ask("other"),
  });
  await linked(folder, "aws-sdk");
  await linked(folder, "@aws-sdk/client-lambda");
  const nested = "node_modules/other/node_modules/@aws-sdk/client-lambda";
  await cp(join(packages, "@aws-sdk/client-lambda"), join(folder, nested), { recursive: true });
  // Its own dependencies are found where the other copy's are.
  const siblings = (await readdir(join(packages, "@aws-sdk"))).filter((name) => name !== "client-lambda");
  for (const name of ["@smithy", "@aws-crypto", "tslib", ...siblings.map((name) => `@aws-sdk/${name}`)]) {
    await symlink(join(packages, name), join(folder, "node_modules/other/node_modules", name), "junction");
  }
  const fault = "InvalidRequestContentException";
  expect(await answerOf(await bundled(folder))).toEqual({
    own: ["own", '{"n":2,"back":true}', true, fault],
    other: ["other", '{"n":2,"back":true}', true, fault],
    old: '{"n":2,"back":true}',
    differ: true,
    settings: { currency: "EUR" },
  });
});

it("names a native module that a handler needs, with its file and what to do", async () => {
  const folder = await appOf({
    "front.js": `const image = require("image-native");\nexports.handler = async () => image.size();`,
    "node_modules/image-native/package.json": `{ "name": "image-native", "version": "1.0.0" }`,
    "node_modules/image-native/index.js": `module.exports = require("./build/Release/image.node");`,
  });
  await expect(bundled(folder)).rejects.toMatchObject({
    code: "bundle-failed",
    diagnostics: [
      {
        code: "native-module",
        file: "node_modules/image-native/index.js",
        message: expect.stringContaining('"./build/Release/image.node" is a native module, which cannot be bundled'),
      },
    ],
  });
});
