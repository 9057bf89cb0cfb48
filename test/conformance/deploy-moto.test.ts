import { CreatePolicyCommand, GetRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  ListTagsCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createDeployer,
  destroy,
  listReleases,
  rollback,
  zip,
  type Deployer,
  type Target,
} from "../../extension/deployment/index.ts";
import { sampleApp, SOURCES, type SampleApp } from "../unit/deployment/sample-app.ts";
import { DEPLOYER_ACTIONS } from "../../extension/deployment/endpoint/policy.ts";
import { iamActions } from "./deploy/iam-actions.ts";
import { changes, clientsOf, inventory, targetAt, versionsOf, type Clients } from "./deploy/journey.ts";
import { motoPackage, startMoto } from "./deploy/python.ts";
import { pass, startProxy, type Proxy, type Seen } from "./deploy/proxy.ts";

const tools = await motoPackage();
const policyDocument = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" }],
});
const missing = typeof tools === "string" ? tools : undefined;

describe.skipIf(missing !== undefined)(`deployer against moto${missing === undefined ? "" : `: skipped, ${missing}`}`, () => {
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let proxy: Proxy;
  let target: Target;
  let clients: Clients;
  let deployer: Deployer;
  let app: SampleApp;

  beforeAll(async () => {
    if (typeof tools === "string") return;
    moto = await startMoto(tools);
    proxy = await startProxy(moto.endpoint);
    target = targetAt(proxy.endpoint);
    clients = clientsOf(targetAt(moto.endpoint));
    deployer = createDeployer();
  }, 400_000);
  afterAll(async () => {
    clients?.close();
    await deployer?.dispose();
    await proxy?.close();
    await moto?.stop();
  });
  beforeEach(async () => {
    app = await sampleApp();
    proxy.fault = pass;
    proxy.seen.length = 0;
  });
  afterEach(async () => {
    proxy.fault = pass;
    await app.remove();
    await moto.reset();
  });

  const deploy = (options = {}) => deployer.deploy(app, target, options);
  const writes = () => proxy.seen.filter(isWrite).map(({ method, operation }) => `${method} ${operation}`);

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
    await deployer.deploy(app, { ...wide, urls: "public" }, options);
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

  it("gets over throttling, updates in progress and roles that are not ready yet", async () => {
    const once = new Set<string>();
    proxy.fault = ({ method, operation }) => {
      if (method !== "POST" || !operation.endsWith("/functions") || once.size >= 3) return undefined;
      once.add(String(once.size));
      return [
        { status: 429, error: "TooManyRequestsException", message: "Rate exceeded" },
        {
          status: 400,
          error: "InvalidParameterValueException",
          message: "The role defined for the function cannot be assumed by Lambda.",
        },
        {
          status: 409,
          error: "ResourceConflictException",
          message: "The operation cannot be performed at this time. An update is in progress for resource: x",
        },
      ][once.size - 1];
    };
    expect((await deploy()).release).toBe("r1");
    expect(once.size).toBe(3);
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
  });

  it("completes what was cut off, wherever that was", async () => {
    await deploy();
    const whole = proxy.seen.length;
    const wanted = await inventory(clients);
    await moto.reset();
    let cutOff = 0;
    for (let at = 1; at <= whole; at += STRIDE) {
      proxy.seen.length = 0;
      proxy.fault = ({ index }) => (index >= at ? "cut-before" : undefined);
      await deploy().then(
        () => {},
        () => cutOff++,
      );
      proxy.fault = pass;
      const { release } = await deploy();
      expect(release, `after request ${at}`).toBe("r1");
      expect(await inventory(clients), `after request ${at}`).toEqual(wanted);
      expect(changes((await deployer.plan(app, target)).actions), `after request ${at}`).toEqual([]);
      await moto.reset();
    }
    expect(cutOff).toBeGreaterThan(whole / STRIDE / 2);
  }, 120_000);

  it("completes an update that was cut off, wherever that was", async () => {
    await deploy();
    app.setup = { check: { memory: 256 } };
    await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-CODE-2"));
    proxy.seen.length = 0;
    await deploy();
    const whole = proxy.seen.length;
    for (let at = 1; at <= whole; at += STRIDE) {
      app.setup = { check: { memory: 256 + at } };
      await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", `RATE-CODE-${at}`));
      proxy.seen.length = 0;
      proxy.fault = ({ index }) => (index >= at ? "cut-before" : undefined);
      await deploy().catch(() => {});
      proxy.fault = pass;
      await deploy();
      expect(changes((await deployer.plan(app, target)).actions), `after request ${at}`).toEqual([]);
      const releases = await listReleases("sample", target);
      expect(
        releases.every(({ complete }) => complete),
        `after request ${at}`,
      ).toBe(true);
    }
  }, 120_000);

  it("gets over answers that are lost", async () => {
    await deploy();
    const whole = proxy.seen.length;
    const wanted = await inventory(clients);
    for (let at = 1; at <= whole; at += STRIDE) {
      await moto.reset();
      proxy.seen.length = 0;
      proxy.fault = ({ index }) => (index === at ? "cut-after" : undefined);
      await deploy();
      proxy.fault = pass;
      expect(await inventory(clients), `without the answer to request ${at}`).toEqual(wanted);
    }
  }, 120_000);

  it("gets over answers that are lost in an update", async () => {
    await deploy();
    app.setup = { check: { memory: 256 } };
    proxy.seen.length = 0;
    await deploy();
    const whole = proxy.seen.length;
    for (let at = 1; at <= whole; at += STRIDE) {
      app.setup = { check: { memory: 256 + at } };
      await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", `RATE-CODE-${at}`));
      proxy.seen.length = 0;
      proxy.fault = ({ index }) => (index === at ? "cut-after" : undefined);
      await deploy();
      proxy.fault = pass;
      expect(changes((await deployer.plan(app, target)).actions), `without the answer to request ${at}`).toEqual([]);
    }
  }, 120_000);

  it("can be cancelled, and goes on from there", async () => {
    const controller = new AbortController();
    const said: string[] = [];
    const progress = (message: string) => {
      said.push(message);
      if (message.startsWith("Deployed")) controller.abort(new Error("enough"));
    };
    await expect(deploy({ signal: controller.signal, progress })).rejects.toThrow("enough");
    expect(await inventory(clients)).not.toContain("  live -> 1");
    expect((await deploy()).release).toBe("r1");
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
  });

  it("tells a deploy that another one is in its way", async () => {
    await deploy();
    app.setup = { check: { memory: 512 } };
    let intruded = false;
    proxy.fault = ({ method, operation }: Seen) => {
      if (!intruded && method === "POST" && operation.endsWith("/aliases")) {
        intruded = true;
        return { status: 409, error: "ResourceConflictException", message: "Alias already exists: arn:aws:lambda:x:r2" };
      }
      return undefined;
    };
    await expect(deploy()).rejects.toMatchObject({ code: "parallel-deploy" });
    proxy.fault = pass;
    expect((await deploy()).release).toBe("r2");
  });

  it("mends what somebody has changed by hand", async () => {
    const { functions } = await deploy();
    await clients.lambda.send(
      new UpdateAliasCommand({ FunctionName: functions[0]!.functionName, Name: "live", FunctionVersion: "$LATEST" }),
    );
    const { actions, drift } = await deployer.plan(app, target);
    expect(changes(actions)).toEqual(["update alias sample-test-front:live (from r1 to r1)"]);
    expect(drift).toEqual([{ resource: "alias sample-test-front:live", message: "It was moved from r1 to version $LATEST." }]);
    await deploy();
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
  });

  it("shows what was changed by hand and not published", async () => {
    await deploy();
    expect((await deployer.plan(app, target)).drift).toEqual([]);
    await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "sample-test-rate", MemorySize: 3008 }));
    const { drift, actions } = await deployer.plan(app, target);
    expect(drift).toEqual([
      { resource: "function sample-test-rate", message: "It has changes that belong to no version: memory 128 → 3008 MB." },
    ]);
    // Nobody runs it: the release's version is as it was.
    expect(changes(actions)).toEqual([]);
  });

  it("gives a canary its share, and takes it away when its requests fail", async () => {
    await deploy();
    app.setup = { front: { memory: 512 } };
    const live = async () => {
      const { FunctionVersion, RoutingConfig } = await clients.lambda.send(
        new GetAliasCommand({ FunctionName: "sample-test-front", Name: "live" }),
      );
      return [FunctionVersion, RoutingConfig?.AdditionalVersionWeights ?? {}];
    };
    const during: unknown[] = [];
    const canary = (failed: number) => ({
      share: 0.1,
      seconds: 0.05,
      look: async () => {
        during.push(await live());
        return { requests: 40, failed };
      },
    });
    await expect(deploy({ canary: canary(4) })).rejects.toMatchObject({
      code: "canary-failed",
      message: "4 of 40 requests that r2 got have failed. All requests go to the release before again.",
    });
    expect(during).toEqual([["1", { "2": 0.1 }]]);
    expect(await live()).toEqual(["1", {}]);
    expect((await listReleases("sample", target)).map((one) => [one.name, one.live])).toEqual([
      ["r1", true],
      ["r2", false],
    ]);
    expect((await deploy({ canary: canary(0) })).release).toBe("r2");
    expect(await live()).toEqual(["2", {}]);
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
  });

  it("leaves no request on a canary when the deploy is cancelled", async () => {
    await deploy();
    app.setup = { front: { memory: 512 } };
    const controller = new AbortController();
    const look = async () => {
      controller.abort(new Error("enough"));
      return { requests: 0, failed: 0 };
    };
    await expect(deploy({ signal: controller.signal, canary: { share: 0.5, seconds: 60, look } })).rejects.toThrow("enough");
    const alias = await clients.lambda.send(new GetAliasCommand({ FunctionName: "sample-test-front", Name: "live" }));
    expect([alias.FunctionVersion, alias.RoutingConfig?.AdditionalVersionWeights ?? {}]).toEqual(["1", {}]);
  });

  it("says in one sentence that nothing answers", async () => {
    await expect(deployer.plan(app, targetAt("http://127.0.0.1:9"))).rejects.toMatchObject({
      code: "endpoint-unreachable",
      message: "Nothing answers at http://127.0.0.1:9.",
    });
  });
});

/** Every request is cut off in the long run of the tests, every third one otherwise. */
const STRIDE = process.env["FUSIONIZE_LONG"] === "1" ? 1 : 3;

const READS = /^(?:GET .*|POST (?:Describe|Get|List).*)$/;

function isWrite({ method, operation }: Seen): boolean {
  return !READS.test(`${method} ${operation}`);
}
