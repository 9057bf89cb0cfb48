import type { FusionSetup } from "../../extension/core/setup.ts";
import {
  type ApplicationProfile,
  allRemote,
  evaluate,
  greedyCriticalEdge,
  optimize,
  paperHeuristic,
  perFunctionTuning,
} from "../../extension/optimizer/index.ts";
import { randomProfile } from "../unit/optimizer/support/random-profile.ts";
import { type Peer, defineBench } from "./bench.ts";
import { summarize } from "./harness/statistics.ts";

const SIZES = [5, 10, 20, 40] as const;
/** Apps of each size. */
const APPS = 6;
const MEMORY = [128, 256, 512, 1024, 1769];

const apps = new Map<number, ApplicationProfile[]>();
function appsOf(size: number): ApplicationProfile[] {
  let found = apps.get(size);
  if (!found) {
    const shape = { tasks: size, sizes: MEMORY, shared: 0.2, async: 0.3, parallel: 0.4, times: 0.2 };
    apps.set(size, (found = Array.from({ length: APPS }, (_, index) => randomProfile(size * 1000 + index, shape))));
  }
  return found;
}

/** Latency and cost together, as shares of the base setup's: the square root of their product. */
function score(profile: ApplicationProfile, setup: FusionSetup): number {
  const base = evaluate(profile, allRemote(profile));
  const found = evaluate(profile, setup);
  return Math.sqrt((found.latency.mean / base.latency.mean) * (found.costPerMillion / base.costPerMillion));
}

function peer(name: string, choose: (profile: ApplicationProfile) => FusionSetup): Peer {
  return {
    name,
    async run({ scale }) {
      const values: Record<string, number> = {};
      for (const size of SIZES.filter((candidate) => candidate <= Math.max(5, 40 * scale))) {
        const times: number[] = [];
        const scores: number[] = [];
        for (const profile of appsOf(size)) {
          const start = performance.now();
          const setup = choose(profile);
          times.push(performance.now() - start);
          scores.push(score(profile, setup));
        }
        values[`time, ${size} tasks`] = summarize(times)?.median ?? Number.NaN;
        values[`score, ${size} tasks`] = summarize(scores)?.median ?? Number.NaN;
      }
      return values;
    },
  };
}

/** The best of the front by the same measure: the whole search, not only the point suggested. */
function best(profile: ApplicationProfile): FusionSetup {
  const { front } = optimize(profile, { goal: "balanced" });
  return front.toSorted((a, b) => a.latency.mean * a.costPerMillion - b.latency.mean * b.costPerMillion)[0]?.setup ?? {};
}

export const bench = defineBench({
  name: "optimizer",
  description:
    `Random apps (${APPS} of each size; shared callees, parallel and asynchronous calls, five memory sizes): the time to find a setup, and how good ` +
    "it is in the model: `score` is the square root of latency × cost, as a share of the base setup's. Medians over the apps.",
  metrics: SIZES.flatMap((size) => [
    { name: `time, ${size} tasks`, unit: "ms", better: "lower" as const },
    { name: `score, ${size} tasks`, unit: "of base", better: "lower" as const },
  ]),
  rounds: 3,
  peers: [
    peer("optimizer", best),
    peer("the papers' heuristic", (profile) => paperHeuristic(profile).setup),
    peer("memory per function", (profile) => perFunctionTuning(profile)),
    peer("greedy along the critical path", (profile) => greedyCriticalEdge(profile)),
  ],
});
