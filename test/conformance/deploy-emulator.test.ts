import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetAliasCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { setTimeout as delay } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../extension/core/errors.ts";
import { createDeployer, listReleases, rollback, type Deployment } from "../../extension/deployment/index.ts";
import { sampleApp, SOURCES } from "../unit/deployment/sample-app.ts";
import { emulatorFixture } from "./deploy/emulator-fixture.ts";
import { changes, versionsOf } from "./deploy/journey.ts";
import { isWrite, pass } from "./deploy/proxy.ts";

/** The whole journey on the local emulator: functions run, updates race, weights count. */
describe("deployer against the emulator", () => {
  const fixture = emulatorFixture();
  const { deploy } = fixture;
  let { proxy, target, clients, deployer, app } = fixture;
  beforeEach(() => void ({ proxy, target, clients, deployer, app } = fixture));

  const writes = () => proxy.seen.filter(isWrite).map(({ method, operation }) => `${method} ${operation}`);
  /** Code of which every task says which generation it is. */
  const generation = async (number: number) => {
    await app.write("src/front.ts", SOURCES["src/front.ts"]!.replace("FRONT-CODE", `FRONT-${number}`));
    await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", `RATE-${number}`));
  };
  const invoke = async (event: unknown) => {
    const request = new InvokeCommand({ FunctionName: "sample-test-front", Qualifier: "live", Payload: JSON.stringify(event) });
    const { Payload, FunctionError } = await clients.lambda.send(request);
    return { error: FunctionError, result: JSON.parse(Buffer.from(Payload ?? []).toString() || "null") as Answer };
  };
  const logged = async (task: string, text: string) => {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(50)) {
      const { events = [] } = await clients.logs.send(
        new FilterLogEventsCommand({ logGroupName: `/aws/lambda/sample-test-${task}` }),
      );
      const found = events.find(({ message }) => message?.includes(text))?.message;
      if (found !== undefined) return found;
    }
    throw new Error(`"${text}" is not in the log of ${task}`);
  };

  it("deploys functions that call each other, wait, and hand events on", async () => {
    const { entries, release } = await deploy();
    expect([entries, release]).toEqual([{ front: { functionName: "sample-test-front", qualifier: "live" } }, "r1"]);
    expect(await invoke({ value: 7 })).toEqual({
      error: undefined,
      result: { verdict: { rated: 7, marker: "RATE-CODE" }, marker: "FRONT-CODE" },
    });
    expect(await logged("store", "STORE-CODE")).toContain(`{"value":7,"verdict":{"rated":7,"marker":"RATE-CODE"}}`);
    const failed = await invoke({ value: 2000 });
    expect(failed).toMatchObject({ error: "Unhandled", result: { errorType: "TooLarge", errorMessage: "CHECK-CODE 2000" } });
    expect(await logged("check", "Invoke Error")).toMatch(/src\/check\.ts:8:\d+/);
  });

  it("tells every function's records which setup the request came in under", async () => {
    const { setupId } = await deploy();
    await invoke({ value: 7 });
    for (const task of ["front", "check", "rate", "store"])
      expect(await logged(task, `"fusionize":1`)).toContain(`"setup":"${setupId}"`);
  });

  it("asks and changes nothing for an unchanged app", async () => {
    await deploy();
    proxy.seen.length = 0;
    const { actions, release } = await deploy();
    expect([changes(actions), writes(), release]).toEqual([[], [], "r1"]);
  });

  it("changes configuration alone for memory, and the code of the tasks edited alone", async () => {
    await deploy();
    app.setup = { check: { memory: 512 } };
    proxy.seen.length = 0;
    const second = await deploy();
    expect(second.functions.map(({ root, version, memory }) => `${root} ${version} ${memory}`)).toEqual([
      "front 2 128",
      "check 2 512",
      "rate 1 128",
      "store 1 128",
    ]);
    expect(writes().filter((line) => line.endsWith("/code"))).toEqual([]);
    await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-CODE-2"));
    proxy.seen.length = 0;
    const third = await deploy();
    expect(third.functions.map(({ root, version }) => `${root} ${version}`)).toEqual(["front 3", "check 2", "rate 2", "store 1"]);
    expect(writes().filter((line) => line.endsWith("/code"))).toEqual(["PUT /2015-03-31/functions/sample-test-rate/code"]);
    expect((await invoke({ value: 1 })).result).toMatchObject({ verdict: { marker: "RATE-CODE-2" } });
  });

  it("answers every request within one release while releases change under load", async () => {
    await generation(0);
    await deploy();
    const answers: { error: string | undefined; result: Answer }[] = [];
    let over = false;
    const client = async () => {
      // eslint-disable-next-line no-unmodified-loop-condition
      while (!over) answers.push(await invoke({ value: 1 }));
    };
    const load = Promise.all([client(), client(), client()]);
    try {
      for (let number = 1; number <= 4; number++) {
        await generation(number);
        await deploy();
        const before = answers.length;
        await until(() => answers.length >= before + 6);
      }
      await rollback("sample", target);
      const before = answers.length;
      await until(() => answers.length >= before + 6);
    } finally {
      over = true;
      await load;
    }
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
    const pairs = answers.map(({ result }) => [
      result.marker?.replace("FRONT-", ""),
      result.verdict?.marker.replace("RATE-", ""),
    ]);
    expect(pairs.filter(([front, rate]) => front !== rate)).toEqual([]);
    expect(new Set(pairs.map(([front]) => front)).size).toBe(5);
    expect((await invoke({ value: 1 })).result).toMatchObject({ marker: "FRONT-3" });
  }, 120_000);

  it("keeps serving whole releases when two deploys meet, and tells one of them", async () => {
    await generation(0);
    await deploy();
    const rival = createDeployer();
    const other = await sampleApp();
    try {
      for (const [file, text] of Object.entries(SOURCES)) await other.write(file, text.replace(/(FRONT|RATE)-CODE/, "$1-2"));
      await generation(1);
      const results = await Promise.allSettled([deploy(), rival.deploy(other, target)]);
      const lost = results
        .filter((one) => one.status === "rejected")
        .map(({ reason }) => (reason instanceof UserError ? reason.code : String(reason)));
      expect(lost.every((code) => code === "parallel-deploy")).toBe(true);
      const { result } = await invoke({ value: 1 });
      expect(result.marker?.replace("FRONT-", "")).toBe(result.verdict?.marker.replace("RATE-", ""));
      await deploy();
      expect((await invoke({ value: 1 })).result).toMatchObject({ marker: "FRONT-1", verdict: { marker: "RATE-1" } });
      expect(changes((await deployer.plan(app, target)).actions)).toEqual([]);
    } finally {
      await rival.dispose();
      await other.remove();
    }
  }, 60_000);

  it("completes what was cut off, and never shows half of it", async () => {
    await generation(0);
    await deploy();
    await generation(1);
    app.setup = { check: { memory: 256 } };
    proxy.seen.length = 0;
    await deploy();
    const whole = proxy.seen.length;
    for (let at = 1; at <= whole; at += STRIDE) {
      await generation(at + 1);
      app.setup = { check: { memory: 256 + at } };
      proxy.seen.length = 0;
      proxy.fault = ({ index }) => (index >= at ? "cut-before" : undefined);
      await deploy().catch(() => {});
      proxy.fault = pass;
      const { result } = await invoke({ value: 1 });
      expect(result.marker?.replace("FRONT-", ""), `after request ${at}`).toBe(result.verdict?.marker.replace("RATE-", ""));
      await deploy();
      expect((await invoke({ value: 1 })).result, `after request ${at}`).toMatchObject({ marker: `FRONT-${at + 1}` });
      expect(changes((await deployer.plan(app, target)).actions), `after request ${at}`).toEqual([]);
    }
  }, 120_000);

  it("gets over answers that are lost, where revisions are checked", async () => {
    await deploy();
    app.setup = { check: { memory: 256 } };
    proxy.seen.length = 0;
    await deploy();
    const whole = proxy.seen.length;
    for (let at = 1; at <= whole; at += STRIDE) {
      await generation(at);
      app.setup = { check: { memory: 256 + at } };
      proxy.seen.length = 0;
      proxy.fault = ({ index }) => (index === at ? "cut-after" : undefined);
      await deploy();
      proxy.fault = pass;
      expect(changes((await deployer.plan(app, target)).actions), `without the answer to request ${at}`).toEqual([]);
    }
  }, 120_000);

  it("can be cancelled at every step, and goes on from there", async () => {
    for (let step = 1, done = false; !done; step++) {
      await generation(step);
      const controller = new AbortController();
      let said = 0;
      const progress = () => {
        if (++said === step) controller.abort(new Error("enough"));
      };
      done = await deploy({ signal: controller.signal, progress }).then(
        () => true,
        (error: unknown) => {
          expect(String(error)).toContain("enough");
          return false;
        },
      );
      await deploy();
      expect((await invoke({ value: 1 })).result).toMatchObject({ marker: `FRONT-${step}`, verdict: { marker: `RATE-${step}` } });
    }
  }, 120_000);

  it("takes a release back whose requests fail on their share", async () => {
    await deploy();
    await app.write(
      "src/front.ts",
      SOURCES["src/front.ts"]!.replace("const verdict", `if (input.value === 1) throw new Error("BROKEN");\n  const verdict`),
    );
    let over = false;
    const load = (async () => {
      // eslint-disable-next-line no-unmodified-loop-condition
      while (!over) await invoke({ value: 1 });
    })();
    try {
      await expect(deploy({ canary: { share: 0.5, seconds: 60 } })).rejects.toMatchObject({ code: "canary-failed" });
    } finally {
      over = true;
      await load;
    }
    const alias = await clients.lambda.send(new GetAliasCommand({ FunctionName: "sample-test-front", Name: "live" }));
    expect([alias.FunctionVersion, alias.RoutingConfig?.AdditionalVersionWeights ?? {}]).toEqual(["1", {}]);
    for (let time = 0; time < 10; time++) expect((await invoke({ value: 1 })).error).toBeUndefined();
  }, 60_000);

  it("removes functions that nothing can come to any more", async () => {
    let now = Date.now();
    const options = { now: () => now, keepReleases: 0 };
    const short = { ...target, eventAge: 60 };
    await deployer.deploy(app, short, options);
    app.setup = { check: { inline: ["rate"] } };
    const fused: Deployment = await deployer.deploy(app, short, options);
    expect(fused.functions.map(({ root }) => root)).toEqual(["front", "check", "store"]);
    expect(await versionsOf(clients, "sample-test-rate")).toEqual(["1"]);
    now += 100_000;
    const { actions } = await deployer.deploy(app, short, options);
    expect(changes(actions)).toEqual([
      "delete release r1 (older than the releases that are kept)",
      "delete function sample-test-rate (in no release that is kept)",
    ]);
    expect((await listReleases("sample", target)).map(({ name }) => name)).toEqual(["r2"]);
    expect((await invoke({ value: 3 })).result).toMatchObject({ verdict: { rated: 3 } });
  });
});

interface Answer {
  marker?: string;
  verdict?: { marker: string };
}

/** Every request is cut off in the long run of the tests, every fourth one otherwise. */
const STRIDE = process.env["FUSIONIZE_LONG"] === "1" ? 1 : 4;

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !holds(); await delay(10))
    if (Date.now() > deadline) throw new Error("it never came to that");
}
