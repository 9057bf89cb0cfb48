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
    await writeFile(file, JSON.stringify({ ...config, environment }, undefined, 2));
    // A fifth of its CPU work: what is proven here is not how long it takes.
    const work = join(app, "src/work.ts");
    const source = await readFile(work, "utf8");
    await writeFile(work, source.replace('"FUSIONIZE_WORK_SCALE"] ?? 1', '"FUSIONIZE_WORK_SCALE"] ?? 0.2'));
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
    const { code, stdout, stderr } = await fusionize(["watch", app, "--seconds", "4", "--json"]);
    expect(code, stderr).toBe(0);
    const tasks = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { task: string }).task);
    // MiniStack drops the client context, so that each synchronous call begins a request of its own.
    expect(tasks).toEqual(expect.arrayContaining(["analyzeSensor", "checkSensor", "storeEvent"]));
    expect(stderr).toMatch(/10 log groups[^]*\d+ calls to CloudWatch Logs/);
  });

  it("says that nothing could be measured where the client context is dropped, and keeps nothing of it", async () => {
    const { code, stderr } = await fusionize(["optimize", app, "--target", "aws"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("Nothing is measured yet")]);
  });

  it("is optimised by a local measurement, and deployed again with what has changed alone", async () => {
    await answer(["run", app, "--requests", "8", "--rate", "2"]);
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
