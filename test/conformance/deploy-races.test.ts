import {
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  InvokeCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { listReleases, rollback, zip } from "../../extension/deployment/index.ts";
import { SOURCES } from "../unit/deployment/sample-app.ts";
import { emulatorFixture } from "./deploy/emulator-fixture.ts";
import { changes, versionsOf } from "./deploy/journey.ts";
import { type Seen } from "./deploy/proxy.ts";

const FRONT = "sample-test-front";
const CHECK = "sample-test-check";

/** Somebody else at the same functions between reading and writing; functions that Lambda could not set up; what drifts. */
describe("deployer against the emulator, beside somebody else", () => {
  const fixture = emulatorFixture();
  const { deploy } = fixture;
  let { proxy, target, clients, deployer, app } = fixture;
  beforeEach(() => void ({ proxy, target, clients, deployer, app } = fixture));

  const live = async () => {
    const alias = await clients.lambda.send(new GetAliasCommand({ FunctionName: FRONT, Name: "live" }));
    return { version: alias.FunctionVersion, note: alias.Description };
  };
  const marker = async () => {
    const request = new InvokeCommand({ FunctionName: FRONT, Qualifier: "live", Payload: JSON.stringify({ value: 1 }) });
    const { Payload } = await clients.lambda.send(request);
    return (JSON.parse(Buffer.from(Payload ?? []).toString()) as { marker: string }).marker;
  };
  /** Does something once, just before the first request that matches. */
  const before = (matches: (seen: Seen) => boolean, intrude: () => Promise<unknown>) => {
    let done = false;
    proxy.before = async (seen) => {
      if (done || !matches(seen)) return;
      done = true;
      await intrude();
    };
    return () => done;
  };
  const asked = (method: string, end: string) => (seen: Seen) => seen.method === method && seen.operation.endsWith(end);
  const settled = () =>
    waitUntilFunctionUpdatedV2({ client: clients.lambda, maxWaitTime: 20, minDelay: 0.05, maxDelay: 1 }, { FunctionName: CHECK });
  const configure = async (change: Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">) => {
    await clients.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: CHECK, ...change }));
    await settled();
  };
  const foreignCode = async () => {
    await clients.lambda.send(
      new UpdateFunctionCodeCommand({
        FunctionName: CHECK,
        ZipFile: zip({ "index.mjs": Buffer.from("export const handler = 1;") }),
      }),
    );
    await settled();
  };

  describe("tells that another deploy was quicker, and leaves clients and the other's change as they are", () => {
    beforeEach(async () => {
      await deploy();
      app.setup = { check: { memory: 256 } };
      await app.write("src/check.ts", SOURCES["src/check.ts"]!.replace("CHECK-CODE", "CHECK-CODE-2"));
    });
    const description = async () =>
      (await clients.lambda.send(new GetFunctionCommand({ FunctionName: CHECK }))).Configuration?.Description;

    it.each([
      ["the configuration", asked("PUT", `${CHECK}/configuration`)],
      ["the code", asked("PUT", `${CHECK}/code`)],
    ])("while it changes %s", async (_, matches) => {
      const intruded = before(matches, () => configure({ Description: "theirs" }));
      await expect(deploy()).rejects.toMatchObject({
        code: "parallel-deploy",
        message: expect.stringContaining(CHECK) as string,
      });
      expect([intruded(), await description()]).toEqual([true, "theirs"]);
      expect((await live()).version).toBe("1");
      expect(await marker()).toBe("FRONT-CODE");
    });

    it.each([
      ["other code", foreignCode],
      ["another memory size", () => configure({ MemorySize: 1024 })],
    ])("while it publishes a version: %s", async (_, intrude) => {
      await app.write("src/check.ts", SOURCES["src/check.ts"]!);
      const intruded = before(asked("POST", `${CHECK}/versions`), intrude);
      await expect(deploy()).rejects.toMatchObject({ code: "parallel-deploy" });
      expect(intruded()).toBe(true);
      expect((await live()).version).toBe("1");
    });

    it("while it moves clients", async () => {
      const theirs = async () => {
        await clients.lambda.send(new PublishVersionCommand({ FunctionName: FRONT }));
        await clients.lambda.send(
          new UpdateAliasCommand({ FunctionName: FRONT, Name: "live", FunctionVersion: "1", Description: "theirs" }),
        );
      };
      const intruded = before(asked("PUT", `${FRONT}/aliases/live`), theirs);
      await expect(deploy()).rejects.toMatchObject({
        code: "parallel-deploy",
        message: expect.stringContaining(`${FRONT}:live`) as string,
      });
      expect([intruded(), await live()]).toEqual([true, { version: "1", note: "theirs" }]);
      proxy.reset();
      expect((await deploy()).release).toBe("r2");
      expect((await live()).note).toMatch(/release=r2/);
    });
  });

  it("makes a function anew that Lambda could not create", async () => {
    await deploy();
    let deleted = false;
    proxy.rewrite = ({ method, operation }, body) => {
      if (method === "DELETE" && operation.endsWith(CHECK)) deleted = true;
      if (deleted || method !== "GET" || !operation.endsWith(`/functions/${CHECK}`)) return undefined;
      const answer = JSON.parse(body) as { Configuration: Record<string, unknown> };
      Object.assign(answer.Configuration, { State: "Failed", StateReasonCode: "InternalError", StateReason: "no capacity" });
      return JSON.stringify(answer);
    };
    const { actions, drift } = await deployer.plan(app, target);
    expect(changes(actions)).toContain(`create function ${CHECK} (again: Lambda could not set it up (no capacity))`);
    expect(drift.map(({ message }) => message)).toEqual(["Clients invoke it, but functions of it are missing."]);
    const { release } = await deploy();
    expect([deleted, release]).toEqual([true, "r2"]);
    expect(await marker()).toBe("FRONT-CODE");
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
  });

  it("says everything again to a function whose last update has failed", async () => {
    await deploy();
    await configure({ MemorySize: 512 });
    let mended = false;
    proxy.rewrite = ({ method, operation }, body) => {
      if (method === "PUT" && operation.endsWith(`${CHECK}/configuration`)) mended = true;
      if (mended || method !== "GET" || !operation.endsWith(`/functions/${CHECK}`)) return undefined;
      const answer = JSON.parse(body) as { Configuration: Record<string, unknown> };
      // It says 256 MB, but that never came into force.
      Object.assign(answer.Configuration, { LastUpdateStatus: "Failed", LastUpdateStatusReason: "broken", MemorySize: 256 });
      return JSON.stringify(answer);
    };
    app.setup = { check: { memory: 256 } };
    const { functions } = await deploy();
    expect([mended, functions.find(({ root }) => root === "check")!.memory]).toEqual([true, 256]);
    expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
  });

  it("shows what was deleted or given away past it, and mends it", async () => {
    await deploy();
    app.setup = { front: { memory: 256 } };
    await deploy();
    await clients.lambda.send(
      new UpdateAliasCommand({ FunctionName: FRONT, Name: "live", RoutingConfig: { AdditionalVersionWeights: { "1": 0.2 } } }),
    );
    await clients.lambda.send(new DeleteFunctionCommand({ FunctionName: "sample-test-rate" }));
    const { drift } = await deployer.plan(app, target);
    expect(drift).toEqual([
      { resource: `alias ${FRONT}:live`, message: "A share of the requests was given to version 1." },
      { resource: "release r2", message: "Clients invoke it, but functions of it are missing." },
    ]);
    await deploy();
    expect(await deployer.plan(app, target)).toMatchObject({ drift: [] });
    expect(await marker()).toBe("FRONT-CODE");
  });

  it("keeps as many releases as it is told, returns to any of them, and deletes the versions of the others", async () => {
    let now = Date.now();
    const options = { now: () => now, keepReleases: 2 };
    const short = { ...target, eventAge: 60 };
    for (const memory of [256, 512, 1024, 2048]) {
      app.setup = { front: { memory } };
      await deployer.deploy(app, short, options);
      now += 200_000;
    }
    await deployer.deploy(app, short, options);
    const names = async () =>
      (await listReleases("sample", target)).map(({ name, live: isLive }) => (isLive ? `${name} live` : name));
    expect(await names()).toEqual(["r2", "r3", "r4 live"]);
    expect(await versionsOf(clients, FRONT)).toEqual(["2", "3", "4"]);
    await rollback("sample", target, { to: "r2" });
    expect(await names()).toEqual(["r2 live", "r3", "r4"]);
    expect((await live()).version).toBe("2");
    await expect(rollback("sample", target, { to: "r1" })).rejects.toMatchObject({ code: "no-earlier-release" });
  });

  it("deploys for the processor that is chosen, and plans the change", async () => {
    const arm = { ...target, architecture: "arm64" } as const;
    await deployer.deploy(app, arm);
    const { Configuration } = await clients.lambda.send(new GetFunctionCommand({ FunctionName: FRONT, Qualifier: "live" }));
    expect(Configuration?.Architectures).toEqual(["arm64"]);
    expect(changes((await deployer.plan(app, arm)).actions)).toEqual([]);
    const back = changes((await deployer.plan(app, target)).actions);
    expect(back).toContain(`update function ${FRONT} (architecture arm64 → x86_64)`);
  });
});
