/** The differential tests of inline against remote, with callees that go wrong at random points. */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll } from "vitest";
import { loadApp } from "../../extension/application/app.ts";
import type { App } from "../../extension/application/types.ts";
import { EffectSink } from "../semantics/effect-sink.ts";
import type { Step } from "../semantics/faulty/src/step.ts";
import { faultsOf, KEPT_PLANS, type Plan, randomPlan } from "../semantics/faulty-plans.ts";
import { observe, type Observation } from "../semantics/observation.ts";
import { bundleApp } from "../semantics/platform/app-bundle.ts";
import { InProcessPlatform, refusal } from "../semantics/platform/in-process.ts";
import { appFolder } from "../semantics/samples.ts";
import { allInOne, asyncInline, base, paperStyle, randomSetup } from "../semantics/setups.ts";
import { trial } from "./trial.ts";

let app: App;
let module: string;
let sink: EffectSink;
/** What an instance that was ended by force still does may come under the next setup. */
const platforms: InProcessPlatform[] = [];

beforeAll(async () => {
  app = await loadApp(appFolder("faulty"));
  module = await bundleApp(app, "original");
  sink = await EffectSink.start();
  sink.ignore = (source) => platforms.some((platform) => platform.ended(source));
  process.env["EFFECTS_URL"] = sink.url;
});
afterAll(() => sink.stop());

/** Turns a call away the first two times, as a service does that is asked too much at once. */
function throttling(): (body: Buffer) => Error | undefined {
  const times = new Map<string, number>();
  return (body) => {
    const value = JSON.parse(body.toString()) as (Partial<Step> & { event?: Partial<Step> }) | null;
    const { id, fault } = value?.event ?? value ?? {};
    if (fault !== "throttled" || id === undefined) return undefined;
    times.set(id, (times.get(id) ?? 0) + 1);
    return times.get(id)! <= 2 ? refusal("TooManyRequestsException", "Rate Exceeded.", 429) : undefined;
  };
}

/** Which effects there were. How often a failing event is tried differs by one for each level of calls, as documented. */
const effectsOf = ({ effects }: Observation): string[] => (effects as [string, number][]).map(([key]) => key);

async function compare({ steps, timeouts }: Plan, seed: number): Promise<string> {
  const variants = [base, allInOne(app.graph), paperStyle(app.graph), asyncInline(app.graph), randomSetup(app.graph, seed)];
  let expected: Observation | undefined;
  for (const variant of variants) {
    const platform = new InProcessPlatform({ app, module, timeouts, refuse: throttling() });
    platforms.push(platform);
    try {
      const [seen] = await observe(platform, variant, [{ task: "plan", event: steps }], () => sink.take());
      expected ??= seen!;
      const parts = [
        ["answer", seen!.answer, expected.answer],
        ["effects", effectsOf(seen!), effectsOf(expected)],
      ] as const;
      for (const [what, now, before] of parts)
        if (!isDeepStrictEqual(now, before))
          throw new Error(
            `${what} under ${variant.name}: ${JSON.stringify(now).slice(0, 500)}; under base: ${JSON.stringify(before).slice(0, 500)}; plan: ${JSON.stringify(steps)}`,
          );
    } finally {
      await platform.close();
    }
  }
  const calls = JSON.stringify(steps).split('"id"').length - 1;
  return `${calls} calls, faults: ${faultsOf(steps).join(", ") || "none"}; the same under ${variants.length} setups`;
}

const SETUPS =
  "answer and effects are the same under the base setup, all in one, the papers' setup, asynchronous inline and a random one";

trial({
  kind: "semantics",
  fault: "plans that once told inline from remote",
  holds: SETUPS,
  short: 1,
  long: KEPT_PLANS.length,
  limit: 60,
  run: (seed) => compare(KEPT_PLANS[(seed - 1) % KEPT_PLANS.length]!, seed),
});

trial({
  kind: "semantics",
  fault:
    "callees that throw, throw what is no error, run into their timeout, return too much or what is no JSON, are sent too much, or are throttled at first: nested and at random points, synchronous and asynchronous",
  holds: SETUPS,
  short: 1,
  long: 200,
  limit: 60,
  run: (seed, random) => compare(randomPlan(random), seed),
});
