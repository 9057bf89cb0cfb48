import { setupId } from "../../extension/core/setup-id.ts";
import type { FusionSetup } from "../../extension/core/setup.ts";
import { optimize, paperHeuristic } from "../../extension/optimizer/index.ts";
import { defineBench, type Peer } from "./bench.ts";
import { RunningSample } from "./harness/running-app.ts";

/** FUSIONIZE_APP chooses another sample. */
const APP = process.env["FUSIONIZE_APP"] ?? "iot";
const SEARCH = { requests: 25, rate: 0.9 };
const BLOCK = { requests: 10, rate: 0.9 };
/** Bounds a fault: by itself the search should stop earlier. */
const MOST = 6;

interface Found {
  running: RunningSample;
  ours: FusionSetup;
  papers: FusionSetup;
  /** The start included. */
  deployments: number;
  papersDeployments: number;
  /** Nothing was left to gain when it ended. */
  stopped: boolean;
}

let found: Promise<Found> | undefined;

/** Measure, suggest, deploy, measure, … until nothing is suggested. */
async function search(): Promise<Found> {
  const running = await RunningSample.start(APP);
  const measured = ["base"];
  let current: FusionSetup = {};
  await running.measure("base", {}, SEARCH);
  const papers = paperHeuristic(running.learn(measured).profile);
  for (;;) {
    const { suggestion } = optimize(running.learn(measured).profile, { goal: "balanced", current });
    const known = suggestion && measured.includes(setupId(suggestion.setup));
    if (!suggestion || known || measured.length >= MOST) {
      return {
        running,
        ours: current,
        papers: papers.setup,
        deployments: measured.length,
        papersDeployments: papers.steps.length,
        stopped: !suggestion || known === true,
      };
    }
    current = suggestion.setup;
    measured.push(setupId(current));
    await running.measure(setupId(current), current, SEARCH);
  }
}

function peer(name: string, setupOf: (search: Found) => FusionSetup, deploymentsOf: (search: Found) => number): Peer {
  return {
    name,
    async run({ scale }) {
      const searched = await (found ??= search());
      const block = { ...BLOCK, requests: Math.max(4, Math.round(BLOCK.requests * scale)) };
      const { measurement, sent } = await searched.running.measure(name, setupOf(searched), block);
      const inside = measurement.internalLatency.mean;
      const latencies = sent.map(({ latency }) => latency).sort((a, b) => a - b);
      return {
        "mean latency": measurement.latency.mean,
        "inside the root": inside,
        p95: latencies[Math.ceil(0.95 * latencies.length) - 1] ?? 0,
        cost: measurement.costPerMillion,
        deployments: deploymentsOf(searched),
      };
    },
    async teardown() {
      const searched = await found?.catch(() => undefined);
      found = undefined;
      await searched?.running.stop();
    },
  };
}

const PAPERS = "papers' final (-style)";
const OURS = "ours";
const LOWER = "lower" as const;

export const bench = defineBench({
  name: "deployments",
  description:
    `\`${APP}\` on the emulator (\`--fidelity aws\`): from the base setup, measure and suggest until nothing is left to gain; then the setup found and the papers' final one ` +
    "(their two-phase heuristic in our model, with as many deployments as it needs) side by side, in turns. For the papers' method the deployments are those it would have made.",
  metrics: [
    { name: "mean latency", unit: "ms", better: LOWER },
    { name: "inside the root", unit: "ms", better: LOWER },
    { name: "p95", unit: "ms", better: LOWER },
    { name: "cost", unit: "$/million", better: LOWER },
    { name: "deployments", unit: "", better: LOWER },
  ],
  rounds: 4,
  goals: [
    { peer: OURS, metric: "mean latency", of: PAPERS, atMost: APP === "iot" ? 0.5 : 1 },
    { peer: OURS, metric: "p95", of: PAPERS, atMost: 1 },
    { peer: OURS, metric: "cost", of: PAPERS, atMost: 1.04 },
    { peer: OURS, metric: "deployments", atMost: 4 },
  ],
  peers: [
    peer(
      PAPERS,
      ({ papers }) => papers,
      ({ papersDeployments }) => papersDeployments,
    ),
    peer(
      OURS,
      ({ ours }) => ours,
      ({ deployments }) => deployments,
    ),
  ],
});
