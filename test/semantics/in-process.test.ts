/** The apps on the platform inside this process: the fast layer of the semantics tests, with fifty random setups each. */
import { createRequire } from "node:module";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { loadApp } from "../../extension/application/app.ts";
import { DynamoTables } from "./dynamo-tables.ts";
import { EffectSink } from "./effect-sink.ts";
import { LIMIT_REQUESTS, REQUESTS, TIMEOUT_REQUESTS, TIMEOUTS } from "./nasty-requests.ts";
import { observe, type Request, type TakeEffects } from "./observation.ts";
import { bundleApp } from "./platform/app-bundle.ts";
import { InProcessPlatform } from "./platform/in-process.ts";
import { appFolder, IOT_REQUESTS, TREE_REQUESTS, WEB_REQUESTS, WORK_SCALE } from "./samples.ts";
import { allInOne, asyncInline, base, paperStyle, randomSetup } from "./setups.ts";

const RANDOM_SETUPS = 50;
/** Requests with megabytes and with waiting are sent under fewer of them. */
const HEAVY_SETUPS = 6;

Object.assign(process.env, WORK_SCALE, {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
});

let close: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of close.toReversed()) await end();
  close = [];
});

interface Comparison {
  name: "tree" | "iot" | "web" | "nasty";
  requests: readonly Request[];
  randomSetups: number;
  takeEffects?: TakeEffects;
  before?: () => Promise<unknown>;
  sink?: EffectSink;
}

async function compare({ name, requests, randomSetups, takeEffects = () => [], before, sink }: Comparison): Promise<void> {
  const app = await loadApp(appFolder(name));
  const timeouts = name === "nasty" ? TIMEOUTS : {};
  const platform = new InProcessPlatform({ app, module: await bundleApp(app, "original"), timeouts });
  close.push(() => platform.close());
  if (sink) sink.ignore = (source) => platform.ended(source);
  await before?.();
  const expected = await observe(platform, base, requests, takeEffects);
  expect(expected.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  const seeds = Array.from({ length: randomSetups }, (_, index) => index + 1);
  const random = seeds.map((seed) => randomSetup(app.graph, seed));
  for (const variant of [allInOne(app.graph), paperStyle(app.graph), asyncInline(app.graph), ...random]) {
    await before?.();
    expect(await observe(platform, variant, requests, takeEffects), variant.name).toEqual(expected);
  }
}

test("tree is the same under every setup", async () => {
  await compare({ name: "tree", requests: TREE_REQUESTS, randomSetups: RANDOM_SETUPS });
});

test.each([
  ["iot", IOT_REQUESTS.slice(0, 2)],
  ["web", WEB_REQUESTS],
] as const)("%s is the same under every setup", async (name, requests) => {
  const dynalite = createRequire(import.meta.url)("dynalite") as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint;
  const tables = new DynamoTables(endpoint);
  close.push(() => Promise.resolve(tables.close()));
  await compare({
    name,
    requests,
    randomSetups: RANDOM_SETUPS,
    takeEffects: () => tables.contents(),
    before: () => tables.clear(),
  });
});

test.each([
  ["values, errors and events", REQUESTS, RANDOM_SETUPS],
  ["limits and timeouts", [...LIMIT_REQUESTS, ...TIMEOUT_REQUESTS], HEAVY_SETUPS],
])("the nasty app's %s are the same under every setup", async (_name, requests, randomSetups) => {
  const sink = await EffectSink.start();
  close.push(() => sink.stop());
  process.env["EFFECTS_URL"] = sink.url;
  await compare({ name: "nasty", requests, randomSetups, takeEffects: () => sink.take(), sink });
});
