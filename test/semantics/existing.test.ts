/**
 * Existing Lambda applications under every setup answer as their own, unchanged functions do: bundled by esbuild alone and
 * invoking each other through the service.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadApp } from "../../extension/application/app.ts";
import type { App } from "../../extension/application/types.ts";
import { OriginalFunctions } from "./existing-original.ts";
import { EXISTING_REQUESTS, SHOP_REQUESTS } from "./existing-requests.ts";
import type { Request } from "./observation.ts";
import { EmulatorPlatform } from "./platform/emulator.ts";
import { appFolder } from "./samples.ts";
import { allInOne, base, randomSetup, type Variant } from "./setups.ts";

const LONG = Boolean(process.env["FUSIONIZE_LONG"]);
const RANDOM_SETUPS = LONG ? 50 : 0;
/** ms */
const LIMIT = LONG ? 1_800_000 : 200_000;

/** Without what differs from run to run and from function to function: ids, and names of deployed functions. */
function plain(payload: string, failed: boolean): unknown {
  const text = payload
    .replaceAll(/RequestId: [0-9a-f-]{36}/g, "RequestId: …")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z (?=[0-9a-f-]{36})/g, "")
    .replaceAll(/(?<![\da-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, "…")
    .replaceAll(/"ExecutedVersion":"(?:\$LATEST|\d+)"/g, '"ExecutedVersion":"…"')
    // Bundlers mark classes of the same name.
    .replaceAll(/"_?(\w+(?:BlobAdapter|Exception))\d?"/g, '"$1"');
  const value = JSON.parse(text) as Record<string, unknown>;
  return failed ? { errorType: value["errorType"], errorMessage: value["errorMessage"] } : value;
}

/** The setup without what cannot be one function by the template: the editor and the commands refuse it. */
function allowed({ setup, ...rest }: Variant, { graph }: App): Variant {
  const apart = new Set((graph.apart ?? []).flatMap(({ tasks: [a, b] }) => [`${a} ${b}`, `${b} ${a}`]));
  const kept = Object.entries(setup).map(([root, { inline = [], inlineAsync = [] }]) => {
    const members = [root];
    const fits = (task: string): boolean => {
      if (members.some((member) => apart.has(`${member} ${task}`))) return false;
      members.push(task);
      return true;
    };
    return [root, { inline: inline.filter(fits), inlineAsync: inlineAsync.filter(fits) }] as const;
  });
  return { ...rest, setup: Object.fromEntries(kept) };
}

async function answers(platform: EmulatorPlatform, variant: Variant, requests: readonly Request[]): Promise<unknown[]> {
  await platform.deploy(variant);
  const found: unknown[] = [];
  for (const { task, event } of requests) {
    const { payload, failed } = await platform.invoke(task, event);
    await platform.settled();
    found.push({ event, answer: plain(payload, failed) });
  }
  return found;
}

// The small app has every kind of function; the shop, twice as long, adds a realistic whole.
const APPS = [["existing", EXISTING_REQUESTS] as const, ...(LONG ? [["sam-shop", SHOP_REQUESTS] as const] : [])];

describe.each(APPS)("%s", (name, requests) => {
  let app: App;
  let platform: EmulatorPlatform;

  beforeAll(async () => {
    app = await loadApp(appFolder(name));
    platform = await EmulatorPlatform.start(app, { ...app.config?.environment });
  }, LIMIT);

  afterAll(async () => {
    await platform.close();
  });

  test(
    "answers as the unchanged functions do",
    async () => {
      const original = await OriginalFunctions.create(app, platform.run);
      const expected: unknown[] = [];
      for (const { task, event } of requests) {
        const { payload, failed } = await original.invoke(task, event);
        await platform.settled();
        expected.push({ event, answer: plain(payload, failed) });
      }
      await original.remove();
      const random = Array.from({ length: RANDOM_SETUPS }, (_, index) => randomSetup(app.graph, index + 1));
      for (const one of [base, allInOne(app.graph), ...random]) {
        const variant = allowed(one, app);
        expect(await answers(platform, variant, requests), variant.name).toEqual(expected);
      }
    },
    LIMIT,
  );
});
