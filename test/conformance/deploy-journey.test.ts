import { InvokeCommand } from "@aws-sdk/client-lambda";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FusionSetup } from "../../extension/core/setup.ts";
import type { Action } from "../../extension/deployment/index.ts";
import { copyOf } from "../journey/terminal.ts";
import { changes, clientsOf, inventory, targetAt, type Clients } from "./deploy/journey.ts";
import { ministackPackage, startMinistack, type EndpointServer } from "./deploy/python.ts";
import { answer, fusionize } from "./deploy/terminal.ts";

const tools = await ministackPackage();
const missing = typeof tools === "string" ? tools : undefined;

const TASKS =
  "actionSignage analyzeSensor checkAir checkSensor checkSound checkTemperature detectJam soundAccident soundTooLoud storeEvent";

interface Deployed {
  release: string;
  actions: Action[];
  versions: Record<string, string>;
}

/** What a person does with `iot` from the terminal, on an implementation of AWS that is not ours; each step goes on from the last. */
describe.skipIf(missing !== undefined)(`iot on MiniStack${missing === undefined ? "" : `: skipped, ${missing}`}`, () => {
  let server: EndpointServer;
  let clients: Clients;
  let app: string;

  beforeAll(async () => {
    if (typeof tools === "string") return;
    server = await startMinistack(tools);
    clients = clientsOf(targetAt(server.endpoint));
    app = await copyOf("iot");
    const file = join(app, "fusionize.json");
    const config = JSON.parse(await readFile(file, "utf8")) as object;
    // Its tables are there, too.
    const environment = { AWS_ENDPOINT_URL_DYNAMODB: server.endpoint };
    // Cold starts at 128 MB take the emulator ten seconds, because they take Lambda as long.
    const functions = Object.fromEntries(TASKS.split(" ").map((task) => [task, { memory: 1024 }]));
    await writeFile(file, JSON.stringify({ ...config, environment, functions }, undefined, 2));
    // A twentieth of its CPU work: what is proven here is not how long it takes.
    const work = join(app, "src/work.ts");
    const source = await readFile(work, "utf8");
    await writeFile(work, source.replace('"FUSIONIZE_WORK_SCALE"] ?? 1', '"FUSIONIZE_WORK_SCALE"] ?? 0.05'));
  }, 400_000);
  afterAll(async () => {
    clients?.close();
    await server?.stop();
    if (app) await rm(app, { recursive: true, force: true });
  });

  const invoke = async () => {
    const event = await readFile(join(app, "events/analyzeSensor/crash-on-ice.json"), "utf8");
    const request = new InvokeCommand({ FunctionName: "iot-dev-analyzeSensor", Qualifier: "live", Payload: event });
    const { Payload, FunctionError } = await clients.lambda.send(request);
    return { error: FunctionError, result: JSON.parse(Buffer.from(Payload ?? []).toString()) as unknown };
  };
  let first: unknown;

  it("is deployed, and answers", async () => {
    const target = ["--endpoint", server.endpoint, "--region", "eu-central-1"];
    const { release, versions } = await answer<Deployed>(["deploy", app, ...target, "--yes"]);
    expect([release, Object.keys(versions).length]).toEqual(["r1", 10]);
    const { error, result } = await invoke();
    expect(error).toBeUndefined();
    first = result;
  });

  it("is read from its logs, asynchronous tasks included", async () => {
    // Asynchronous tasks come to the log when they come: one reading takes two seconds; it is followed until all of them are there.
    const followed = async () => {
      const { code, stdout, stderr } = await fusionize(["watch", app, "--seconds", "3", "--json"]);
      const lines = stdout.trim().split("\n").filter(Boolean);
      return { code, stderr, tasks: lines.map((line) => (JSON.parse(line) as { task: string }).task) };
    };
    // MiniStack drops the client context, so that each synchronous call begins a request of its own.
    const wanted = ["analyzeSensor", "checkSensor", "storeEvent"];
    const deadline = Date.now() + 30_000;
    let seen = await followed();
    while (seen.code === 0 && !wanted.every((task) => seen.tasks.includes(task)) && Date.now() < deadline)
      seen = await followed();
    expect(seen).toMatchObject({ code: 0, tasks: expect.arrayContaining(wanted) as string[] });
    expect(seen.stderr).toMatch(/10 log groups[^]*\d+ calls to CloudWatch Logs/);
  });

  it("says that nothing could be measured where the client context is dropped, and keeps nothing of it", async () => {
    const { code, stderr } = await fusionize(["optimize", app, "--target", "aws"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("Nothing is measured yet")]);
  });

  it("is optimised by a local measurement, and deployed again with what has changed alone", async () => {
    await answer(["run", app, "--requests", "4", "--rate", "2"]);
    const { suggestion } = await answer<{ suggestion: { setup: FusionSetup } | null }>(["optimize", app, "--apply"]);
    expect(suggestion).not.toBeNull();
    const plan = await answer<Deployed & { estimate: { change?: number } }>(["plan", app]);
    expect(changes(plan.actions).some((line) => line.includes("iot-dev-analyzeSensor"))).toBe(true);
    expect(plan.estimate.change).toBeLessThan(0);
    const { release, versions } = await answer<Deployed>(["deploy", app, "--yes"]);
    expect([release, Object.keys(versions).length]).toEqual(["r2", Object.keys(suggestion!.setup).length]);
    expect(await invoke()).toEqual({ error: undefined, result: first });
  });

  it("is rolled back", async () => {
    expect(await answer(["rollback", app, "--yes"])).toMatchObject({ from: "r2", release: "r1" });
    expect(await invoke()).toEqual({ error: undefined, result: first });
  });

  it("is destroyed, and nothing is left", async () => {
    const { actions } = await answer<Deployed>(["destroy", app, "--yes", "--logs"]);
    expect(actions.filter(({ kind }) => kind !== "delete")).toEqual([]);
    expect(await inventory(clients)).toEqual([]);
  });
});
