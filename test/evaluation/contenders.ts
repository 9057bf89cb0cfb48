/** Lets every method find its setups on the running app, the way it would: what it measures on the way is what it may use. */
import { setupId } from "../../extension/core/setup-id.ts";
import type { FusionSetup } from "../../extension/core/setup.ts";
import { buildTraces, profileFrom } from "../../extension/monitoring/index.ts";
import {
  allInOne,
  allRemote,
  evaluate,
  optimize,
  paperHeuristic,
  perFunctionTuning,
  type ApplicationProfile,
} from "../../extension/optimizer/index.ts";
import type { WorkloadResult } from "../../extension/application/types.ts";
import type { Lab } from "./lab.ts";
import { cheapestSizes, pathSteps, PAPER_SIZES, sized } from "./papers.ts";
import type { AppName, Contender, Origin, Plan, Search } from "./types.ts";

/** Our method stops by itself; this only bounds a fault. */
const MOST_STEPS = 6;

export async function findContenders(name: AppName, lab: Lab, plan: Plan, say: (text: string) => void): Promise<Search> {
  const contenders: Contender[] = [];
  const add = (label: string, origin: Origin, setup: FusionSetup, more: Partial<Contender> = {}): Contender => {
    const id = JSON.stringify([setupId(setup), more.lossTolerated ?? false]);
    const known = contenders.find((one) => JSON.stringify([setupId(one.setup), one.lossTolerated ?? false]) === id);
    if (known) {
      known.also.push(label);
      return known;
    }
    const contender: Contender = { name: label, origin, setup, also: [], ...more };
    contenders.push(contender);
    return contender;
  };
  const look = async (contender: Contender): Promise<WorkloadResult> => {
    say(`${name}: searching, ${contender.name}`);
    await lab.deploy(contender);
    return lab.measure(contender, "warm", { requests: plan.searchRequests, rate: plan.rate });
  };

  const runs: WorkloadResult[] = [];
  const learn = () =>
    profileFrom(
      runs.flatMap(({ records, reports }) => buildTraces(records, reports)),
      { graph: lab.app.graph, constraints: lab.app.config.constraints, requests: runs.flatMap(({ sent }) => sent) },
    );
  const base = add("base", "base", {}, { deployments: 1 });
  const started = performance.now();
  runs.push(await look(base));
  const lookedAtBase = performance.now();
  const first = learn();
  const { profile } = first;

  const all = allInOne(profile, 128);
  add("all in one, 128 MB", "all in one", all, { lossTolerated: true });
  const best = bestSize(profile);
  add(`all in one, ${best} MB`, "all in one", allInOne(profile, best), { lossTolerated: true });
  add("power tuning", "power tuning", perFunctionTuning(profile, allRemote(profile)));

  const optimized = optimize(profile, { goal: "balanced", current: {} });
  const ours = await ourSteps(look, learn, runs, (index, setup) =>
    add(`ours, step ${index}`, "ours", setup, { deployments: index + 1 }),
  );
  const found = performance.now();
  await papers(profile, plan, look, add);
  const seconds = { ours: (found - started) / 1000, papers: (lookedAtBase - started + performance.now() - found) / 1000 };
  for (const point of optimized.front.filter(({ labels }) => labels.length > 0)) {
    add(`front, ${point.labels.join(" and ")}`, "front", point.setup);
  }

  const predicted = Object.fromEntries(
    contenders
      .filter(({ lossTolerated }) => !lossTolerated)
      .map((one) => {
        const { latency, costPerMillion } = evaluate(profile, one.setup);
        return [one.name, { latency: latency.mean, cost: costPerMillion }];
      }),
  );
  return {
    app: name,
    contenders,
    predicted,
    front: optimized.front.map(({ setup, latency, costPerMillion, labels }) => ({
      setup,
      latency: latency.mean,
      cost: costPerMillion,
      labels,
    })),
    notes: [...first.notes, ...ours],
    seconds,
  };
}

/** The size at which latency x cost of everything in one function is least: the papers never tried one but the smallest. */
function bestSize(profile: ApplicationProfile): number {
  const value = (memory: number): number => {
    const { latency, costPerMillion } = evaluate(profile, allInOne(profile, memory));
    return latency.mean * costPerMillion;
  };
  return profile.memorySizes.reduce((one, other) => (value(other) < value(one) ? other : one));
}

/**
 * Suggest, deploy, measure, learn from all that was measured, until nothing is suggested any more or what was suggested measures no better than
 * what there was: then the old setup stays, as it does for users, and the deployment that showed it counts.
 */
async function ourSteps(
  look: (contender: Contender) => Promise<WorkloadResult>,
  learn: () => { profile: ApplicationProfile; notes: string[] },
  runs: WorkloadResult[],
  keep: (index: number, setup: FusionSetup) => Contender,
): Promise<string[]> {
  let current: FusionSetup = {};
  let kept: Contender | undefined;
  let value = balanced(runs[0]!);
  for (let step = 1; step <= MOST_STEPS; step += 1) {
    const { suggestion } = optimize(learn().profile, { goal: "balanced", current });
    if (!suggestion)
      return [`ours: nothing more is suggested after ${step} deployment${step > 1 ? "s" : ""}, the start included`];
    const run = await look({ name: `ours, step ${step}`, origin: "ours", setup: suggestion.setup, also: [] });
    runs.push(run);
    if (balanced(run) >= value) {
      if (kept?.deployments !== undefined) kept.deployments += 1;
      return [`ours: step ${step} was measured no better and is not kept`];
    }
    value = balanced(run);
    current = suggestion.setup;
    kept = keep(step, current);
  }
  return [`ours: still suggesting after ${MOST_STEPS} steps`];
}

/** The goal “balanced”: the lower the better. */
const balanced = ({ measurement }: WorkloadResult): number => measurement.latency.mean * measurement.costPerMillion;

/**
 * Few requests cannot tell apart sizes whose mean cost differs by a few percent, and the entry's size makes the latency. Where the sweep is not
 * measured, entries take the size of the published final setups: the smallest.
 */
const entriesAsPublished = (setup: FusionSetup, { entries }: ApplicationProfile): FusionSetup =>
  Object.fromEntries(
    Object.entries(setup).map(([root, own]) => [
      root,
      entries.some(({ task }) => task === root) ? { ...own, memory: PAPER_SIZES[0]! } : own,
    ]),
  );

async function papers(
  profile: ApplicationProfile,
  plan: Plan,
  look: (contender: Contender) => Promise<WorkloadResult>,
  add: (name: string, origin: Origin, setup: FusionSetup, more?: Partial<Contender>) => Contender,
): Promise<void> {
  const steps = pathSteps(profile);
  const path = steps.at(-1)!;
  steps.forEach(({ setup, what }, index) => {
    if (index === 0) return;
    const last = index === steps.length - 1;
    add(last ? "papers, path" : `papers, step ${index} (${what})`, "papers", setup, { deployments: index + 1 });
  });
  const deployments = steps.length + PAPER_SIZES.length - 1;
  if (!plan.measuredSweep) {
    add("papers, final", "papers", entriesAsPublished(paperHeuristic(profile).setup, profile), { deployments });
    return;
  }
  const sweep = [];
  for (const memory of PAPER_SIZES) {
    const contender: Contender = {
      name: `papers, all at ${memory} MB`,
      origin: "papers",
      setup: sized(path.setup, memory),
      also: [],
    };
    sweep.push({ memory, measurement: (await look(contender)).measurement });
  }
  add("papers, final", "papers", cheapestSizes(path.setup, sweep), { deployments: deployments + 1 });
}
