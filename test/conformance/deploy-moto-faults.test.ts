import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { GetAliasCommand, UpdateAliasCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { destroy, listReleases } from "../../extension/deployment/index.ts";
import { SOURCES } from "../unit/deployment/sample-app.ts";
import { changes, inventory, targetAt } from "./deploy/journey.ts";
import { motoFixture, STRIDE } from "./deploy/moto-fixture.ts";
import { motoPackage } from "./deploy/python.ts";
import { pass, type Seen } from "./deploy/proxy.ts";

const tools = await motoPackage();
const missing = typeof tools === "string" ? tools : undefined;

describe.skipIf(missing !== undefined)(
  `deployer against moto, when things go wrong${missing === undefined ? "" : `: skipped, ${missing}`}`,
  () => {
    const fixture = motoFixture(tools);
    const { deploy } = fixture;
    let { moto, proxy, target, clients, deployer, app } = fixture;
    beforeEach(() => void ({ moto, proxy, target, clients, deployer, app } = fixture));

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

    it("destroys what a cut-off deploy has left, wherever that was", async () => {
      await deploy();
      const whole = proxy.seen.length;
      await moto.reset();
      for (let at = 2; at <= whole; at += STRIDE) {
        proxy.seen.length = 0;
        proxy.fault = ({ index }) => (index >= at ? "cut-before" : undefined);
        await deploy().catch(() => {});
        proxy.fault = pass;
        await destroy("sample", target, { logs: true });
        expect(await inventory(clients), `after request ${at}`).toEqual([]);
      }
    }, 120_000);

    it("completes a destroy that was cut off, wherever that was", async () => {
      await deploy();
      proxy.seen.length = 0;
      await destroy("sample", target, { logs: true });
      const whole = proxy.seen.length;
      for (let at = 1; at <= whole; at += STRIDE) {
        await deploy();
        proxy.seen.length = 0;
        proxy.fault = ({ index }) => (index >= at ? "cut-before" : undefined);
        await expect(destroy("sample", target, { logs: true })).rejects.toThrow();
        proxy.fault = pass;
        await destroy("sample", target, { logs: true });
        expect(await inventory(clients), `after request ${at}`).toEqual([]);
      }
    }, 120_000);

    it("removes a function's role, too, when that was cut off", async () => {
      let now = Date.parse("2026-11-24T00:00:00Z");
      const options = { now: () => now, keepReleases: 0 };
      await deploy(options);
      app.setup = { check: { inline: ["rate"] } };
      await deploy(options);
      now += 30_000_000;
      proxy.fault = ({ method }) => (method === "DELETE" ? "cut-before" : undefined);
      await expect(deploy(options)).rejects.toThrow();
      proxy.fault = pass;
      await deploy(options);
      expect((await inventory(clients)).filter((line) => line.includes("-rate"))).toEqual([
        "log group /aws/lambda/sample-test-rate 14 days",
      ]);
    });

    it("leaves log groups alone that somebody else has made, and gives its own their retention", async () => {
      const group = (name: string, tags?: Record<string, string>) =>
        clients.logs.send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name}`, ...(tags && { tags }) }));
      await group("sample-test-check");
      await group("sample-test-rate", { "fusionize:app": "sample", "fusionize:stage": "test" });
      // Another stage's: its names begin as ours do.
      await group("sample-test-2-front", { "fusionize:app": "sample", "fusionize:stage": "test-2" });
      const { actions } = await deployer.plan(app, target);
      expect(actions.filter(({ resource }) => /log group .*(?:check|rate)$/.test(resource))).toEqual([
        {
          kind: "keep",
          resource: "log group /aws/lambda/sample-test-check",
          reason: "keeps logs forever, as whoever made it left it",
        },
        {
          kind: "update",
          resource: "log group /aws/lambda/sample-test-rate",
          reason: "keeps logs forever, from now on for 14 days",
        },
      ]);
      await deploy();
      expect((await inventory(clients)).filter((line) => line.startsWith("log group"))).toEqual([
        "log group /aws/lambda/sample-test-2-front undefined days",
        "log group /aws/lambda/sample-test-check undefined days",
        "log group /aws/lambda/sample-test-front 14 days",
        "log group /aws/lambda/sample-test-rate 14 days",
        "log group /aws/lambda/sample-test-store 14 days",
      ]);
      await destroy("sample", target, { logs: true });
      expect(await inventory(clients)).toEqual([
        "log group /aws/lambda/sample-test-2-front undefined days",
        "log group /aws/lambda/sample-test-check undefined days",
      ]);
    });

    it("never takes a role for its own that is not", async () => {
      const RoleName = "sample-test-check-eu-central-1";
      await clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}" }));
      await expect(deploy()).rejects.toMatchObject({ code: "foreign-role" });
      await destroy("sample", target, { logs: true });
      expect(await inventory(clients)).toEqual([`role ${RoleName}`]);
    });

    it("changes nothing when there is more to do than somebody has agreed to", async () => {
      const { actions } = await deployer.plan(app, target);
      await deploy({ consented: actions });
      app.setup = { check: { memory: 256 } };
      const { actions: consented } = await deployer.plan(app, target);
      await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-CODE-2"));
      const before = await inventory(clients);
      await expect(deploy({ consented })).rejects.toMatchObject({
        code: "plan-changed",
        message: expect.stringContaining("now the deploy would update function sample-test-rate. Nothing was changed.") as string,
      });
      expect(await inventory(clients)).toEqual(before);
    });

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
  },
);
