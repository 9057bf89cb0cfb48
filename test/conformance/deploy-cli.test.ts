import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emulatorApi } from "../../extension/application/emulator-api.ts";
import { startEmulator, type RunningEmulator } from "../../extension/local/emulator.ts";
import { chooseNode } from "../../extension/local/node.ts";
import { SOURCES, type SampleApp } from "../unit/deployment/sample-app.ts";
import { changes, clientsOf, inventory, targetAt, type Clients } from "./deploy/journey.ts";
import { motoPackage, startMoto } from "./deploy/python.ts";
import { startProxy, type Proxy } from "./deploy/proxy.ts";
import { answer, fusionize, start, writtenApp } from "./deploy/terminal.ts";
import type { Action } from "../../extension/deployment/index.ts";

const ROLE = "arn:aws:iam::123456789012:role/sample";

interface Deployed {
  account: string;
  region: string;
  stage: string;
  endpoint: string;
  actions: Action[];
  release: string;
  versions: Record<string, string>;
  aliases: Record<string, string>;
  urls: Record<string, string>;
  estimate: { idle: number; after?: { total: number; from: string }; change?: number };
}

/** Steps of one story: each goes on from where the one before has ended. */
describe("the terminal tool against the emulator", () => {
  let emulator: RunningEmulator;
  let proxy: Proxy;
  let clients: Clients;
  let app: SampleApp;
  let chosen: string[];

  beforeAll(async () => {
    emulator = await startEmulator({ node: await chooseNode({ runtime: "nodejs24.x" }), fidelity: "fast", port: 0 });
    proxy = await startProxy(emulator.endpoint);
    clients = clientsOf(targetAt(emulator.endpoint));
    app = await writtenApp();
    chosen = [app.folder, "--endpoint", proxy.endpoint, "--region", "eu-central-1", "--stage", "test", "--role", ROLE];
  });
  afterAll(async () => {
    clients?.close();
    await proxy?.close();
    await emulator?.stop();
    await app?.remove();
  });
  const here = () => inventory(clients, { roles: false });
  const invoke = async (times = 1) => {
    for (let time = 0; time < times; time++) {
      const request = new InvokeCommand({ FunctionName: "sample-test-front", Qualifier: "live", Payload: `{"value":7}` });
      const { Payload } = await clients.lambda.send(request);
      if (time === times - 1) return JSON.parse(Buffer.from(Payload ?? []).toString()) as { marker: string };
    }
    return undefined;
  };

  it("plans with account, region, stage and the month, and changes nothing before consent", async () => {
    const plan = await answer<Deployed>(["plan", ...chosen]);
    expect(plan).toMatchObject({ account: "123456789012", region: "eu-central-1", stage: "test", endpoint: proxy.endpoint });
    expect(changes(plan.actions).length).toBe(4 + 4 + 3);
    expect(plan.estimate.idle).toBe(0);
    const { code, stdout, stderr } = await fusionize(["deploy", ...chosen]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("Nothing was changed: nobody could be asked.\n→ Pass --yes")]);
    expect(stdout).toContain("sample → account 123456789012, eu-central-1, stage test");
    expect(await here()).toEqual([]);
  });

  it("says in one sentence that the sign-in has expired; the same command goes on afterwards", async () => {
    proxy.fault = () => ({
      status: 403,
      error: "ExpiredTokenException",
      message: "The security token included in the request is expired",
    });
    const { code, stdout, stderr } = await fusionize(["deploy", ...chosen, "--yes", "--json"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/The sign-in to AWS has expired or was never made\.\n→ Run: aws login\n$/);
    proxy.reset();
  });

  it("deploys with --yes, and keeps where to for the next time, without any key", async () => {
    const deployed = await answer<Deployed>(["deploy", ...chosen, "--yes"]);
    expect(deployed).toMatchObject({ release: "r1", stage: "test", aliases: { front: "sample-test-front:live" } });
    expect(Object.keys(deployed.versions)).toHaveLength(4);
    expect(deployed.urls["front"]).toMatch(/^http/);
    expect(await invoke()).toMatchObject({ marker: "FRONT-CODE" });
    expect(JSON.parse(await readFile(join(app.folder, ".fusionize/targets.json"), "utf8"))).toEqual({
      stage: "test",
      stages: { test: { region: "eu-central-1", endpoint: proxy.endpoint, role: ROLE } },
    });
    const plan = await answer<Deployed>(["plan", app.folder]);
    expect([changes(plan.actions), plan.stage]).toEqual([[], "test"]);
  });

  it("measures there what it measures locally, and optimises from it", async () => {
    const load = ["--requests", "4", "--rate", "10"];
    const remote = await answer<Record<string, unknown>>(["run", app.folder, "--target", "aws", ...load, "--yes"]);
    expect(remote).toMatchObject({ target: "aws", requests: 4, errors: 0, lostRecords: 0, invocationsPerRequest: 4 });
    expect(remote["monitoring"]).toMatchObject({ bytesPerRequest: expect.any(Number) as number });
    const local = await answer<Record<string, unknown>>(["run", app.folder, ...load, "--fidelity", "fast"]);
    const { monitoring: _, ...same } = remote;
    const { fidelity: __, ...theirs } = local;
    expect(Object.keys(same).sort()).toEqual(Object.keys(theirs).sort());
    const { front } = await answer<{ front: unknown[] }>(["optimize", app.folder, "--target", "aws"]);
    expect(front.length).toBeGreaterThan(0);
    const plan = await answer<Deployed>(["plan", app.folder, "--requests-per-month", "2000000"]);
    expect(plan.estimate).toMatchObject({ change: 0, after: { from: "measured" } });
    expect(plan.estimate.after!.total).toBeGreaterThan(0);
  });

  it.each([
    [["run", "--yes"], 2, "--yes needs --target aws"],
    [["run", "--target", "aws", "--fidelity", "fast"], 2, "--fidelity is of the emulator"],
    [["run", "--target", "aws", "--cold", "--yes"], 1, "Cold starts alone cannot be measured on AWS"],
    [["deploy", "--tolerated", "0.1"], 2, "need --canary"],
    [["deploy", "--canary", "2"], 2, "--canary takes a number"],
    [["plan", "--role", "me"], 1, "is not the ARN of a role"],
    [["policy", "--account", "12"], 2, "12 digits"],
    [["rollback", "--to", "r9", "--yes"], 1, "There is no complete release r9."],
  ])("%j says what is wrong", async (args, expected, text) => {
    const { code, stdout, stderr } = await fusionize([args[0]!, app.folder, ...args.slice(1), "--json"]);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(text);
  });

  it("gives a canary its share first, and names each step", async () => {
    await app.write("src/front.ts", SOURCES["src/front.ts"]!.replace("FRONT-CODE", "FRONT-2"));
    const { code, stderr } = await fusionize(["deploy", app.folder, "--yes", "--canary", "0.5", "--canary-seconds", "1"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /Deployed sample-test-front\n[^]*Giving r2 50 % of the requests for 1 s\n[^]*Switching sample-test-front to r2/,
    );
    expect(await invoke()).toMatchObject({ marker: "FRONT-2" });
  });

  it("goes on after Ctrl+C, and clients stay where they were meanwhile", async () => {
    await app.write("src/front.ts", SOURCES["src/front.ts"]!.replace("FRONT-CODE", "FRONT-3"));
    const cut = start(["deploy", app.folder, "--yes"]);
    await cut.said("Deploying r3");
    cut.interrupt();
    const { code, stderr } = await cut.ended;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/Cancelled\.\n$/)]);
    expect(await invoke()).toMatchObject({ marker: "FRONT-2" });
    expect((await answer<Deployed>(["deploy", app.folder, "--yes"])).release).toBe("r3");
    expect(await invoke()).toMatchObject({ marker: "FRONT-3" });
  });

  it("lists releases, rolls back, and follows requests as their logs arrive", async () => {
    const list = async () => {
      const { releases } = await answer<{ releases: { name: string; live: boolean }[] }>(["releases", app.folder]);
      return releases.map(({ name, live }) => `${name}${live ? " live" : ""}`);
    };
    expect(await list()).toContain("r3 live");
    const { from, release } = await answer<{ from: string; release: string }>(["rollback", app.folder, "--yes"]);
    expect([from, release, await list()]).toEqual(["r3", "r2", expect.arrayContaining(["r2 live", "r3"])]);
    await invoke(2);
    await emulatorApi(emulator.endpoint).settled();
    const { code, stdout, stderr } = await fusionize(["watch", app.folder, "--seconds", "2", "--json"]);
    expect(code, stderr).toBe(0);
    const seen = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { task: string; invocations: number; lost: number });
    expect(
      seen.filter(({ task, invocations, lost }) => task === "front" && invocations === 4 && lost === 0).length,
    ).toBeGreaterThanOrEqual(2);
    expect(stderr).toMatch(/\d+ calls to CloudWatch Logs/);
  });

  it("destroys, lists what is left, and leaves nothing with --logs", async () => {
    const first = await answer<{ actions: Action[] }>(["destroy", app.folder, "--yes"]);
    const kept = first.actions.filter(({ kind }) => kind === "keep").map(({ resource }) => resource);
    expect(kept.sort()).toEqual(["check", "front", "rate", "store"].map((task) => `log group /aws/lambda/sample-test-${task}`));
    const { code, stdout } = await fusionize(["destroy", app.folder, "--yes", "--logs"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("Nothing is left.")]);
    expect(await here()).toEqual([]);
    expect((await fusionize(["releases", app.folder])).stdout).toContain("Nothing of sample is deployed");
  });

  it.each([
    ["AWS_ENDPOINT_URL", (endpoint: string) => ({ AWS_ENDPOINT_URL: endpoint })],
    [
      "AWS_ENDPOINT_URL_LAMBDA and its siblings",
      (endpoint: string) => ({ AWS_ENDPOINT_URL_LAMBDA: endpoint, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint }),
    ],
  ])("goes where %s says", async (_, environment) => {
    await writeFile(join(app.folder, ".fusionize/targets.json"), "{}");
    proxy.reset();
    const env = {
      ...environment(proxy.endpoint),
      AWS_ACCESS_KEY_ID: "k",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_REGION: "eu-central-1",
    };
    const { actions } = await answer<Deployed>(["plan", app.folder, "--role", ROLE], env);
    expect(changes(actions).length).toBe(11);
    expect(proxy.seen.length).toBeGreaterThan(0);
  });

  it("goes where endpoint_url of the profile says", async () => {
    proxy.reset();
    const config = join(app.folder, "aws-config");
    await writeFile(
      config,
      `[profile here]\nregion = eu-west-1\nendpoint_url = ${proxy.endpoint}\naws_access_key_id = k\naws_secret_access_key = s\n`,
    );
    const plan = await answer<Deployed>(["plan", app.folder, "--role", ROLE, "--aws-profile", "here"], {
      AWS_CONFIG_FILE: config,
    });
    expect([plan.region, changes(plan.actions).length, proxy.seen.length > 0]).toEqual(["eu-west-1", 11, true]);
  });
});

const tools = await motoPackage();
const missing = typeof tools === "string" ? tools : undefined;

describe.skipIf(missing !== undefined)(
  `the terminal tool against moto${missing === undefined ? "" : `: skipped, ${missing}`}`,
  () => {
    let moto: Awaited<ReturnType<typeof startMoto>>;
    let clients: Clients;
    let app: SampleApp;
    beforeAll(async () => {
      if (typeof tools === "string") return;
      moto = await startMoto(tools);
      clients = clientsOf(targetAt(moto.endpoint));
      app = await writtenApp();
    }, 400_000);
    afterAll(async () => {
      clients?.close();
      await moto?.stop();
      await app?.remove();
    });

    it("deploys with roles of its own, updates, rolls back, and leaves nothing", async () => {
      const target = [app.folder, "--endpoint", moto.endpoint, "--region", "eu-central-1"];
      expect((await answer<Deployed>(["deploy", ...target, "--yes"])).release).toBe("r1");
      expect((await inventory(clients)).filter((line) => line.startsWith("role "))).toHaveLength(4);
      await app.write("src/rate.ts", SOURCES["src/rate.ts"]!.replace("RATE-CODE", "RATE-2"));
      const second = await answer<Deployed>(["deploy", app.folder, "--yes", "--urls", "none"]);
      expect([second.release, second.urls]).toEqual(["r2", {}]);
      expect(changes((await answer<Deployed>(["plan", app.folder])).actions)).toEqual([]);
      expect((await answer<{ release: string }>(["rollback", app.folder, "--yes"])).release).toBe("r1");
      await answer(["destroy", app.folder, "--yes", "--logs"]);
      expect(await inventory(clients)).toEqual([]);
    });

    it("prints the policy for the account of the credentials, or the one given", async () => {
      interface Policy {
        Statement: { Sid: string; Action: string | string[]; Resource: string | string[] }[];
      }
      const statement = ({ Statement }: Policy, sid: string) => Statement.find(({ Sid }) => Sid === sid)!;
      const own = await answer<Policy>(["policy", app.folder]);
      expect(statement(own, "Functions").Resource).toContain("arn:aws:lambda:eu-central-1:123456789012:function:sample-dev-*");
      expect(statement(own, "Functions").Action).not.toContain("lambda:InvokeFunction");
      const other = await answer<Policy>([
        "policy",
        app.folder,
        "--account",
        "999999999999",
        "--stage",
        "prod",
        "--region",
        "us-east-1",
        "--measure",
      ]);
      expect(statement(other, "Functions").Resource).toContain("arn:aws:lambda:us-east-1:999999999999:function:sample-prod-*");
      expect(statement(other, "Functions").Action).toContain("lambda:InvokeFunction");
    });
  },
);
