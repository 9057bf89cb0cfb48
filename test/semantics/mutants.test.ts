/** The comparison must see every fault that is put into the fusion handler, and none where there is none. */
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadApp } from "../../extension/application/app.ts";
import type { App } from "../../extension/application/types.ts";
import { EffectSink } from "./effect-sink.ts";
import { MUTANTS } from "./mutants.ts";
import { LIMIT_REQUESTS, REQUESTS, TIMEOUT_REQUESTS, TIMEOUTS } from "./nasty-requests.ts";
import { observe, type Observation, type Request } from "./observation.ts";
import { bundleApp, type Mutation } from "./platform/app-bundle.ts";
import { InProcessPlatform } from "./platform/in-process.ts";
import { allInOne, asyncInline, base, paperStyle, randomSetup } from "./setups.ts";

/** ms that a request may take under a mutant: some of them never answer. */
const PATIENCE = 15_000;

let app: App;
const sinks: EffectSink[] = [];
/** What the unmutated handler does under the base setup. */
let expected: Observation[];

const requests: Request[] = [...REQUESTS, ...LIMIT_REQUESTS, ...TIMEOUT_REQUESTS];

beforeAll(async () => {
  app = await loadApp(resolve(import.meta.dirname, "nasty"));
});

afterAll(() => Promise.all(sinks.map((sink) => sink.stop())));

/** A platform with a sink of its own: some mutants leave code running. */
async function start(label: string, mutation: Mutation): Promise<{ platform: InProcessPlatform; sink: EffectSink }> {
  const sink = await EffectSink.start();
  sinks.push(sink);
  process.env["EFFECTS_URL"] = sink.url;
  const platform = new InProcessPlatform({ app, module: await bundleApp(app, label, mutation), timeouts: TIMEOUTS });
  sink.ignore = (source) => platform.ended(source);
  return { platform, sink };
}

/** The first difference from what is expected, as a sentence; undefined when there is none. */
async function difference(label: string, mutation: Mutation): Promise<string | undefined> {
  const { platform, sink } = await start(label, mutation);
  try {
    const variants = [allInOne(app.graph), paperStyle(app.graph), asyncInline(app.graph), randomSetup(app.graph, 3)];
    for (const request of requests) {
      const index = requests.indexOf(request);
      for (const variant of REQUESTS.includes(request) ? [base, ...variants] : variants.slice(0, 2)) {
        const seen = await inTime(observe(platform, variant, [request], () => sink.take()));
        if (seen === "no answer") return `${request.task} does not answer under ${variant.name}`;
        try {
          expect(seen[0]).toEqual(expected[index]);
        } catch (error) {
          return `${request.task} under ${variant.name}: ${String(error)}`;
        }
      }
    }
    return undefined;
  } finally {
    await platform.close();
  }
}

async function inTime<T>(work: Promise<T>): Promise<T | "no answer"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"no answer">((resolve) => {
    timer = setTimeout(() => resolve("no answer"), PATIENCE);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

describe("the comparison", () => {
  beforeAll(async () => {
    const { platform, sink } = await start("expected", {});
    expected = await observe(platform, base, requests, () => sink.take());
    await platform.close();
  });

  test("finds nothing in the handler as it is", async () => {
    expect(await difference("unmutated", {})).toBeUndefined();
  });

  test.each(Object.entries(MUTANTS))("finds: %s", async (name, mutation) => {
    expect(await difference(`mutant-${Object.keys(MUTANTS).indexOf(name)}`, mutation)).toBeTypeOf("string");
  });
});
