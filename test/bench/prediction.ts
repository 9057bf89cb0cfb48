import type { FusionSetup } from "../../extension/core/setup.ts";
import { evaluate, optimize, paperHeuristic } from "../../extension/optimizer/index.ts";
import { defineBench, type Peer } from "./bench.ts";
import { RunningSample } from "./harness/running-app.ts";

/** FUSIONIZE_APP chooses another sample. */
const APP = process.env["FUSIONIZE_APP"] ?? "iot";
const BLOCK = { requests: 12, rate: 0.9 };
/** A profile is learned from these alone: the setup that one starts with, and the first that was suggested. */
const LEARNED = ["base", "suggested"] as const;

let sample: Promise<RunningSample> | undefined;
const setups = new Map<string, Promise<FusionSetup>>();

/** Each is chosen once, from what was measured of the base setup. */
const choose: Record<string, (running: RunningSample) => Promise<FusionSetup>> = {
  base: () => Promise.resolve({}),
  async suggested(running) {
    await running.measure("base", {}, { ...BLOCK, requests: 2 * BLOCK.requests });
    return optimize(running.learn(["base"]).profile, { goal: "balanced" }).suggestion?.setup ?? {};
  },
  "papers' final (-style)": (running) => Promise.resolve(paperHeuristic(running.learn(["base"]).profile).setup),
  "all remote, 768 MB": ({ app }) =>
    Promise.resolve(Object.fromEntries(app.graph.tasks.map(({ name }) => [name, { memory: 768 }]))),
};

async function setupFor(name: string, running: RunningSample): Promise<FusionSetup> {
  if (name !== "base" && name !== "suggested") await setupFor("suggested", running);
  let setup = setups.get(name);
  if (!setup) setups.set(name, (setup = choose[name]!(running)));
  return setup;
}

function peer(name: string): Peer {
  return {
    name,
    async run({ scale }, round): Promise<Record<string, number>> {
      const running = await (sample ??= RunningSample.start(APP));
      const setup = await setupFor(name, running);
      const requests = Math.max(4, Math.round(BLOCK.requests * scale));
      await running.measure(name, setup, { ...BLOCK, requests });
      // In the first round not all that is learned from has been measured yet.
      if (round < 0) return {};
      const { latency, p95, cost } = running.totals(name);
      const predicted = evaluate(running.learn(LEARNED).profile, setup);
      return {
        "mean latency, measured": latency,
        predicted: predicted.latency.mean,
        off: Math.abs(predicted.latency.mean / latency - 1) * 100,
        "p95, measured": p95,
        "p95, predicted": predicted.latency.p95,
        "cost, measured": cost,
        "cost, predicted": predicted.costPerMillion,
        "cost off": Math.abs(predicted.costPerMillion / cost - 1) * 100,
      };
    },
    async teardown() {
      const running = await sample;
      sample = undefined;
      await running?.stop();
    },
  };
}

const LOWER = "lower" as const;
const unseen = Object.keys(choose).filter((name) => !LEARNED.includes(name as (typeof LEARNED)[number]));

export const bench = defineBench({
  name: "prediction",
  description:
    `What the model says of setups of \`${APP}\` beside what the emulator (\`--fidelity aws\`) measures. The profile is learned from the base setup and the first ` +
    "suggestion alone; the others are unseen. Measured values are means over all rounds so far, because single blocks vary by more than the model is off.",
  metrics: [
    { name: "mean latency, measured", unit: "ms", better: LOWER },
    { name: "predicted", unit: "ms", better: LOWER },
    { name: "off", unit: "%", better: LOWER },
    { name: "p95, measured", unit: "ms", better: LOWER },
    { name: "p95, predicted", unit: "ms", better: LOWER },
    { name: "cost, measured", unit: "$/million", better: LOWER },
    { name: "cost, predicted", unit: "$/million", better: LOWER },
    { name: "cost off", unit: "%", better: LOWER },
  ],
  rounds: 3,
  goals: unseen.flatMap((name) => [
    { peer: name, metric: "off", atMost: 5 },
    { peer: name, metric: "cost off", atMost: 5 },
  ]),
  peers: Object.keys(choose).map(peer),
});
