import { CreatePolicyCommand, GetRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  ListTagsCommand,
} from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { destroy, listReleases, rollback, zip } from "../../extension/deployment/index.ts";
import { SOURCES } from "../unit/deployment/sample-app.ts";
import { DEPLOYER_ACTIONS } from "../../extension/deployment/endpoint/policy.ts";
import { iamActions } from "./deploy/iam-actions.ts";
import { changes, inventory, versionsOf } from "./deploy/journey.ts";
import { motoFixture } from "./deploy/moto-fixture.ts";
import { motoPackage } from "./deploy/python.ts";
import { pass } from "./deploy/proxy.ts";

const policyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" }],
});
const tools = await motoPackage();
const missing = typeof tools === "string" ? tools : undefined;

describe.skipIf(missing !== undefined)(`deployer against moto${missing === undefined ? "" : `: skipped, ${missing}`}`, () => {
  const fixture = motoFixture(tools);
  const { deploy, writes } = fixture;
  let { proxy, target, clients, deployer, app } = fixture;
  beforeEach(() => void ({ proxy, target, clients, deployer, app } = fixture));

  it("makes roles, log groups, functions, a release and the entry alias", async () => {
    const deployment = await deploy();
    expect(deployment).toMatchObject({
      release: "r1",
      entries: {
        front: { functionName: "sample-test-front", qualifier: "live", url: expect.stringMatching(/^https:/) as string },
      },
    });
    expect(deployment.functions.map(({ root, version, memory, logGroup }) => [root, version, memory, logGroup])).toEqual([
      ["front", "1", 128, "/aws/lambda/sample-test-front"],
      ["check", "1", 128, "/aws/lambda/sample-test-check"],
      ["rate", "1", 128, "/aws/lambda/sample-test-rate"],
      ["store", "1", 128, "/aws/lambda/sample-test-store"],
    ]);
    expect(await inventory(clients)).toMatchInlineSnapshot(`
      [
        "function sample-test-check 128 MB",
        "  r1 -> 1",
        "function sample-test-front 128 MB",
        "  live -> 1",
        "  r1 -> 1",
        "function sample-test-rate 128 MB",
        "  r1 -> 1",
        "function sample-test-store 128 MB",
        "  r1 -> 1",
        "log group /aws/lambda/sample-test-check 14 days",
        "log group /aws/lambda/sample-test-front 14 days",
        "log group /aws/lambda/sample-test-rate 14 days",
        "log group /aws/lambda/sample-test-store 14 days",
        "role sample-test-check-eu-central-1",
        "role sample-test-front-eu-central-1",
        "role sample-test-rate-eu-central-1",
        "role sample-test-store-eu-central-1",
      ]
    `);
    const { Configuration } = await clients.lambda.send(
      new GetFunctionCommand({ FunctionName: "sample-test-front", Qualifier: "live" }),
    );
    expect(Configuration?.Environment?.Variables).toEqual({ FUSIONIZE_RELEASE: "r1", FUSIONIZE_SETUP: deployment.setupId });
    expect(Configuration).toMatchObject({
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Timeout: 30,
      CodeSize: deployment.functions[0]!.codeSize,
    });
    const { Tags } = await clients.lambda.send(
      new ListTagsCommand({ Resource: Configuration!.FunctionArn!.replace(/:live$|:1$/, "") }),
    );
    expect(Tags).toEqual({ "fusionize:app": "sample", "fusionize:stage": "test", "fusionize:task": "front" });
    const events = await clients.lambda.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName: "sample-test-store", Qualifier: "r1" }),
    );
    expect(events).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 });
  });

  it("gives every function a role for its own log and its own callees, and no more", async () => {
    await deploy();
    const policies = await Promise.all(
      ["front", "check", "store"].map(async (task) => {
        const request = new GetRolePolicyCommand({ RoleName: `sample-test-${task}-eu-central-1`, PolicyName: "fusionize" });
        return decodeURIComponent((await clients.iam.send(request)).PolicyDocument ?? "");
      }),
    );
    const resources = policies.map((text) =>
      (JSON.parse(text) as { Statement: { Resource: unknown }[] }).Statement.map(({ Resource }) => Resource),
    );
    const lambda = (name: string) => [
      `arn:aws:lambda:eu-central-1:123456789012:function:${name}:r*`,
      `arn:aws:lambda:eu-central-1:123456789012:function:${name}:live`,
    ];
    const log = (name: string) => `arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/${name}:*`;
    expect(resources).toEqual([
      [log("sample-test-front"), [...lambda("sample-test-check"), ...lambda("sample-test-store")]],
      [log("sample-test-check"), lambda("sample-test-rate")],
      [log("sample-test-store")],
    ]);
  });

  it("plans nothing for an unchanged app, and then changes nothing", async () => {
    await deploy();
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
    proxy.seen.length = 0;
    const again = await deploy();
    expect(again.release).toBe("r1");
    expect(writes()).toEqual([]);
  });

  it("asks AWS no more often than the bound in the docs", async () => {
    const functions = 4;
    const entries = 1;
    await deploy();
    expect(proxy.seen.length).toBeLessThanOrEqual(4 + 9 * functions + 3 * entries);
    proxy.seen.length = 0;
    await deploy();
    expect(proxy.seen.length).toBeLessThanOrEqual(3 + 6 * functions + entries);
  });

  it("plans without doing", async () => {
    const plan = await deployer.plan(app, target);
    expect(plan).toMatchObject({ app: "sample", stage: "test", region: "eu-central-1", account: "123456789012", release: "r1" });
    expect(changes(plan.actions)).toHaveLength(4 + 4 + 4 + 3);
    expect(await inventory(clients)).toEqual([]);
  });

  it("sends only configuration where only that has changed", async () => {
    await deploy();
    app.setup = { check: { memory: 512 } };
    proxy.seen.length = 0;
    const { actions, release, functions } = await deploy();
    expect(changes(actions)).toEqual([
      "update function sample-test-front (takes requests of a new release)",
      "update function sample-test-check (memory 128 → 512 MB)",
      `create release r2 (4 functions, setup ${(await listReleases("sample", target)).at(-1)!.setupId})`,
      "update alias sample-test-front:live (from r1 to r2)",
    ]);
    expect(release).toBe("r2");
    expect(functions.map(({ root, version }) => `${root} ${version}`)).toEqual(["front 2", "check 2", "rate 1", "store 1"]);
    expect(writes().filter((line) => line.endsWith("/code"))).toEqual([]);
  });

  it("uploads only the code that has changed", async () => {
    await deploy();
    await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-CODE-2"));
    proxy.seen.length = 0;
    const { functions } = await deploy();
    expect(functions.map(({ root, version }) => `${root} ${version}`)).toEqual(["front 2", "check 1", "rate 2", "store 1"]);
    expect(writes().filter((line) => line.endsWith("/code"))).toEqual(["PUT /2015-03-31/functions/sample-test-rate/code"]);
  });

  it("rolls back with one call for each entry, and forward again without uploading", async () => {
    await deploy();
    app.setup = { check: { memory: 512 } };
    await deploy();
    proxy.seen.length = 0;
    expect(await rollback("sample", target)).toMatchObject({ from: "r2", release: "r1" });
    expect(writes().filter((line) => line.includes("aliases/live"))).toHaveLength(1);
    expect((await listReleases("sample", target)).map(({ name, live, complete }) => [name, live, complete])).toEqual([
      ["r1", true, true],
      ["r2", false, true],
    ]);
    await expect(rollback("sample", target)).rejects.toMatchObject({ code: "no-earlier-release" });
    expect(changes((await deployer.plan(app, target)).actions)).toEqual(["update alias sample-test-front:live (from r1 to r2)"]);
    expect((await deploy()).release).toBe("r2");
  });

  it("keeps one earlier release, and lets go of the rest once nothing can come to it any more", async () => {
    let now = Date.parse("2026-11-24T00:00:00Z");
    const later = (seconds: number) => (now += seconds * 1000);
    const options = { now: () => now };
    await deploy(options);
    for (const memory of [256, 512]) {
      later(60);
      app.setup = { check: { memory } };
      await deploy(options);
    }
    // Events that were sent to r1 may still be waiting.
    expect((await listReleases("sample", target)).map(({ name }) => name)).toEqual(["r1", "r2", "r3"]);
    expect(changes((await deployer.plan(app, target, options)).actions)).toEqual([]);
    later(21_600 + 30);
    expect(changes((await deployer.plan(app, target, options)).actions)).toEqual([
      "delete release r1 (older than the releases that are kept)",
    ]);
    await deploy(options);
    expect((await listReleases("sample", target)).map(({ name }) => name)).toEqual(["r2", "r3"]);
    expect(await versionsOf(clients, "sample-test-check")).toEqual(["2", "3"]);
    expect(await versionsOf(clients, "sample-test-rate")).toEqual(["1"]);
  });

  it("removes a function and its role when no kept release has it", async () => {
    let now = Date.parse("2026-11-24T00:00:00Z");
    const options = { now: () => now };
    await deploy(options);
    app.setup = { check: { inline: ["rate"] } };
    const fused = await deploy(options);
    expect(fused.actions.filter(({ resource }) => resource === "function sample-test-rate")).toEqual([
      { kind: "keep", resource: "function sample-test-rate", reason: "events may wait for it until 2026-11-24T06:00:30.000Z" },
    ]);
    app.setup = { check: { inline: ["rate"], memory: 256 } };
    await deploy(options);
    now += 30_000_000;
    const last = await deploy(options);
    expect(changes(last.actions)).toEqual([
      "delete release r1 (older than the releases that are kept)",
      "delete function sample-test-rate (in no release that is kept)",
    ]);
    expect((await inventory(clients)).filter((line) => line.includes("-rate"))).toEqual([
      "log group /aws/lambda/sample-test-rate 14 days",
    ]);
  });

  it("never touches a function that is not its own", async () => {
    const role = "arn:aws:iam::123456789012:role/other";
    await deployer.deploy(app, { ...target, stage: "first", roles: "managed" });
    const create = (FunctionName: string) =>
      clients.lambda.send(
        new CreateFunctionCommand({
          FunctionName,
          Role: role.replace("other", "sample-first-front-eu-central-1"),
          Runtime: "nodejs24.x",
          Handler: "a.b",
          Code: { ZipFile: zip({ a: Buffer.from("1") }) },
        }),
      );
    await create("sample-test-check");
    const before = await inventory(clients);
    await expect(deploy()).rejects.toMatchObject({
      code: "foreign-function",
      message: expect.stringContaining("sample-test-check") as string,
    });
    expect(await inventory(clients)).toEqual(before);
    const actions = await destroy("sample", target, { logs: true });
    expect(actions).toEqual([
      { kind: "keep", resource: "function sample-test-check", reason: "not made by Fusionize for this app" },
    ]);
    expect(await inventory(clients)).toEqual(before);
  });

  it("gives entries a URL for whom it is meant, and takes rights away again", async () => {
    const policy = async () => {
      const request = new GetPolicyCommand({ FunctionName: "sample-test-front", Qualifier: "live" });
      const text = (await clients.lambda.send(request).catch(() => undefined))?.Policy ?? "{}";
      return ((JSON.parse(text) as { Statement?: { Action: string; Principal: unknown }[] }).Statement ?? []).map(
        ({ Action }) => Action,
      );
    };
    const access = async () => {
      const request = new GetFunctionUrlConfigCommand({ FunctionName: "sample-test-front", Qualifier: "live" });
      return (await clients.lambda.send(request).catch(() => undefined))?.AuthType;
    };
    await deploy();
    expect([await access(), await policy()]).toEqual(["AWS_IAM", []]);
    const open = await deployer.deploy(app, { ...target, urls: "public" });
    expect(changes(open.actions)).toEqual(["update url sample-test-front:live (for anybody)"]);
    expect([await access(), await policy()]).toEqual(["NONE", ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]]);
    expect(changes((await deployer.plan(app, { ...target, urls: "public" })).actions)).toEqual([]);
    const none = await deployer.deploy(app, { ...target, urls: "none" });
    expect(changes(none.actions)).toEqual(["delete url sample-test-front:live (not wanted any more)"]);
    expect([await access(), await policy(), none.entries["front"]!.url]).toEqual([undefined, [], undefined]);
  });

  it("asks for no right that the printed policy lacks, and the policy gives none that is not used", async () => {
    const managed = await clients.iam.send(new CreatePolicyCommand({ PolicyName: "tables", PolicyDocument: policyDocument }));
    const wide = { ...target, policies: [managed.Policy!.Arn!], eventAge: 60 };
    let now = Date.parse("2026-11-24T00:00:00Z");
    const options = { now: () => now };
    await deployer.deploy(app, wide, options);
    app.setup = { check: { memory: 512, inline: ["rate"] } };
    await app.write("src/store.ts", SOURCES["src/store.ts"]!.replace("STORE-CODE", "STORE-CODE-2"));
    let lost = 0;
    proxy.fault = ({ method, operation }) =>
      method === "POST" && operation.endsWith("/aliases") && lost++ === 0 ? "cut-after" : undefined;
    const canary = { share: 0.1, seconds: 0.05 };
    await deployer.deploy(app, { ...wide, urls: "public" }, { ...options, canary });
    proxy.fault = pass;
    await rollback("sample", wide);
    app.setup = { check: { memory: 256, inline: ["rate"] } };
    await deployer.deploy(app, { ...wide, urls: "none" }, options);
    now += 1_000_000;
    await deployer.deploy(app, { ...wide, urls: "none" }, { ...options, keepReleases: 0 });
    await destroy("sample", wide, { logs: true });
    const asked = iamActions(proxy.seen);
    // Tags given at creation need rights of their own, though no request bears their name.
    const implied = ["iam:TagRole", "lambda:TagResource", "logs:TagResource"];
    expect([...asked, ...implied].sort()).toEqual(Object.values(DEPLOYER_ACTIONS).flat().sort());
  });

  it("destroys everything of the stage, and says what stays", async () => {
    await deploy();
    const kept = await destroy("sample", target);
    expect(kept.filter(({ kind }) => kind === "keep").map(({ resource }) => resource)).toEqual(
      ["check", "front", "rate", "store"].map((task) => `log group /aws/lambda/sample-test-${task}`),
    );
    expect((await inventory(clients)).filter((line) => !line.startsWith("log group"))).toEqual([]);
    const second = await destroy("sample", target, { logs: true });
    expect(changes(second)).toHaveLength(4);
    expect(await inventory(clients)).toEqual([]);
  });
});
