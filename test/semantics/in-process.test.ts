/** The nasty app, TREE and IoT on the platform inside this process: the fast layer of the semantics tests. */
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadApp } from "../../extension/application/app.ts";
import type { App } from "../../extension/application/types.ts";
import { EffectSink } from "./effect-sink.ts";
import { LIMIT_REQUESTS, REQUESTS, TIMEOUT_REQUESTS, TIMEOUTS } from "./nasty-requests.ts";
import { observe } from "./observation.ts";
import { bundleApp } from "./platform/app-bundle.ts";
import { InProcessPlatform } from "./platform/in-process.ts";
import { allInOne, asyncInline, base, paperStyle, randomSetup } from "./setups.ts";

const RANDOM_SETUPS = 50;
/** Requests with megabytes and with waiting are sent under fewer of them. */
const HEAVY_SETUPS = 6;

describe("nasty app", () => {
  let app: App;
  let sink: EffectSink;
  let platform: InProcessPlatform;

  beforeAll(async () => {
    sink = await EffectSink.start();
    process.env["EFFECTS_URL"] = sink.url;
    app = await loadApp(resolve(import.meta.dirname, "nasty"));
    platform = new InProcessPlatform({ app, module: await bundleApp(app, "original"), timeouts: TIMEOUTS });
    sink.ignore = (source) => platform.ended(source);
  });

  afterAll(async () => {
    await platform.close();
    await sink.stop();
  });

  test.each([
    ["values, errors, events", REQUESTS, RANDOM_SETUPS],
    ["limits and timeouts", [...LIMIT_REQUESTS, ...TIMEOUT_REQUESTS], HEAVY_SETUPS],
  ])("%s are the same under every setup", async (_name, requests, count) => {
    const expected = await observe(platform, base, requests, () => sink.take());
    expect(expected.flatMap(({ contradictions }) => contradictions)).toEqual([]);
    const seeds = Array.from({ length: count }, (_, index) => index + 1);
    const random = seeds.map((seed) => randomSetup(app.graph, seed));
    for (const variant of [allInOne(app.graph), paperStyle(app.graph), asyncInline(app.graph), ...random]) {
      const seen = await observe(platform, variant, requests, () => sink.take());
      expect(seen, variant.name).toEqual(expected);
    }
  });
});
