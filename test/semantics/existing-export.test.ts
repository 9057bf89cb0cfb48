/** The functions of an exported template, under the names that a stack gives them, answer as the unchanged ones do. */
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { assertUsable, loadApp } from "../../extension/application/app.ts";
import { startLocal } from "../../extension/application/local-run.ts";
import type { LocalRun } from "../../extension/application/types.ts";
import { createDeployer } from "../../extension/deployment/index.ts";
import { readDeclared } from "../../extension/discovery/index.ts";
import { OriginalFunctions } from "./existing-original.ts";
import { appFolder } from "./samples.ts";

let folder: string;
let run: LocalRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fusionize-exported-"));
  await cp(appFolder("existing"), folder, { recursive: true });
  await symlink(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"), "junction");
  run = await startLocal(await loadApp(folder), { fidelity: "fast", forget: true });
}, 120_000);

afterAll(async () => {
  await run.stop();
  await rm(folder, { recursive: true, force: true });
});

test("exported functions find each other by the stack's names, inline and remote", async () => {
  const app = await loadApp(folder);
  assertUsable(app);
  const requests = ["value", "callback", "fails", "relay", "async", "outside", "tail"].map((scenario) => ({
    scenario,
    event: { kind: "text", how: scenario === "fails" ? "class" : "later", fail: false },
  }));
  const original = await OriginalFunctions.create(app, run);
  const expected: unknown[] = [];
  for (const request of requests) expected.push(answerOf((await original.invoke("Probe", request)).payload));
  await original.remove();

  const deployer = createDeployer();
  const client = new LambdaClient({
    endpoint: run.endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  try {
    // Values, Fails and Slow outside.
    const setup = { Probe: { inline: ["Callback", "Relay", "Context"] } };
    const exported = await deployer.exportBeside({ ...app, setup }, run.target, { folder: join(folder, "export") });
    const { functions } = readDeclared("template.fused.yaml", await readFile(exported.template, "utf8"));
    const nameOf = (task: string): string => `stack-${task}-1ABCD2`;
    for (const { name, environment, handler, timeout, runtime, codeUri } of functions) {
      if (!exported.fused.includes(name)) continue;
      const Variables = Object.fromEntries(
        Object.entries({ ...environment, ...run.target.environment }).map(([key, value]) => [
          key,
          value
            .replaceAll(/\$\{fn:([\w-]+)\}/g, (_, task: string) => nameOf(task))
            .replaceAll("${AWS::Partition}", "aws")
            .replaceAll("${AWS::Region}", "eu-central-1")
            .replaceAll("${AWS::AccountId}", "123456789012"),
        ]),
      );
      const ZipFile = await readFile(join(dirname(exported.template), codeUri));
      await client.send(
        new CreateFunctionCommand({
          FunctionName: nameOf(name),
          Runtime: runtime as "nodejs22.x",
          Handler: handler,
          Timeout: timeout,
          Role: "arn:aws:iam::000000000000:role/stack",
          Environment: { Variables },
          Code: { ZipFile },
        }),
      );
      await waitUntilFunctionActiveV2({ client, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.1 }, { FunctionName: nameOf(name) });
    }
    const found: unknown[] = [];
    for (const request of requests) {
      const { Payload } = await client.send(
        new InvokeCommand({ FunctionName: nameOf("Probe"), Payload: JSON.stringify(request) }),
      );
      found.push(answerOf(Payload!.transformToString()));
    }
    expect(found).toEqual(expected);
    // Functions that are only inside are not even there: Relay can only have run inline.
    expect(exported.kept).toEqual(["Context", "Relay"]);
  } finally {
    client.destroy();
    await deployer.dispose();
  }
}, 200_000);

function answerOf(payload: string): unknown {
  const { metadata: _m, name, message, ...rest } = JSON.parse(payload) as Record<string, unknown>;
  const text = JSON.stringify({ name, message, ...rest });
  return JSON.parse(
    text.replaceAll(/RequestId: [0-9a-f-]{36}/g, "…").replaceAll(/"_?(\w+(?:BlobAdapter|Exception))\d?"/g, '"$1"'),
  );
}
