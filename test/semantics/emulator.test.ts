/** The sample apps and the nasty app on the emulator: real bundles, deployments, processes, queues and logs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadApp } from "../../extension/application/app.ts";
import type { App } from "../../extension/application/types.ts";
import { DynamoTables } from "./dynamo-tables.ts";
import { EffectSink } from "./effect-sink.ts";
import { LIMIT_REQUESTS, REQUESTS } from "./nasty-requests.ts";
import { observe, type Request, type TakeEffects } from "./observation.ts";
import { EmulatorPlatform } from "./platform/emulator.ts";
import { appFolder, IOT_REQUESTS, TREE_REQUESTS, WEB_REQUESTS, WORK_SCALE } from "./samples.ts";
import { allInOne, asyncInline, base, paperStyle, randomSetup, type Variant } from "./setups.ts";

/** Random setups: fifty in the long version; the short one leaves them to the fast layer. */
const RANDOM_SETUPS = process.env["FUSIONIZE_LONG"]
  ? { tree: 50, iot: 50, web: 50, nasty: 50 }
  : { tree: 4, iot: 3, web: 1, nasty: 1 };
const TABLES = { iot: ["iot-jam", "iot-sensor", "iot-signage", "iot-soundAccident", "iot-soundLevel"], web: ["web-cart"] };
/** ms */
const TEST_LIMIT = process.env["FUSIONIZE_LONG"] ? 1_800_000 : 400_000;

const variants = ({ graph }: App, random: number): Variant[] => [
  allInOne(graph),
  paperStyle(graph),
  asyncInline(graph),
  ...Array.from({ length: random }, (_, index) => randomSetup(graph, index + 1)),
];

async function compare(
  app: App,
  platform: EmulatorPlatform,
  requests: readonly Request[],
  takeEffects: TakeEffects,
  before: () => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  await before();
  const expected = await observe(platform, base, requests, takeEffects);
  expect(expected.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  for (const variant of variants(app, RANDOM_SETUPS[app.config?.app as keyof typeof RANDOM_SETUPS])) {
    await before();
    expect(await observe(platform, variant, requests, takeEffects), variant.name).toEqual(expected);
  }
}

describe.each([["tree"], ["iot"], ["web"], ["nasty"]] as const)("%s", (name) => {
  let app: App;
  let platform: EmulatorPlatform;
  let sink: EffectSink;

  beforeAll(async () => {
    app = await loadApp(appFolder(name));
    sink = await EffectSink.start();
    platform = await EmulatorPlatform.start(app, { ...WORK_SCALE, EFFECTS_URL: sink.url });
  });

  afterAll(async () => {
    await platform.close();
    await sink.stop();
  });

  test(
    "answers, effects and calls are the same under every setup",
    async () => {
      if (name === "tree") return await compare(app, platform, TREE_REQUESTS, () => []);
      if (name === "nasty") return await compare(app, platform, [...REQUESTS, ...LIMIT_REQUESTS], () => sink.take());
      const tables = new DynamoTables(platform.run.target.environment["AWS_ENDPOINT_URL_DYNAMODB"] ?? "");
      try {
        await compare(
          app,
          platform,
          name === "iot" ? IOT_REQUESTS : WEB_REQUESTS,
          () => tables.contents(),
          () => tables.clear(),
        );
        const written = await tables.contents();
        expect(Object.keys(written)).toEqual(TABLES[name]);
      } finally {
        tables.close();
      }
    },
    TEST_LIMIT,
  );
});
