/** Which point of the front to propose, if any, and whether it is worth a deployment. */
import type { FusionSetup, Goal } from "../core/setup.ts";
import { evaluate } from "./evaluate.ts";
import { changesOf, flipsOf, reasonsOf, titleOf } from "./explain.ts";
import { viewOf } from "./functions.ts";
import { modelOf } from "./model.ts";
import { limitsOf, meetsLimits } from "./limits.ts";
import type { ApplicationProfile } from "./profile.ts";
import { sizesFor } from "./solver.ts";
import type { Evaluation, FrontPoint, Suggestion } from "./types.ts";

export interface SuggestOptions {
  goal: Goal;
  current: FusionSetup;
}

/** Gains below these shares drown in the noise of a measurement and are not worth a deployment. */
const LATENCY_WORTH = 0.03;
const COST_WORTH = 0.02;
/** What counts as no difference between two points. */
const SAME = 0.01;

/** `points`: the front, fastest first. Undefined when nothing is to be gained by the goal. */
export function suggest(
  profile: ApplicationProfile,
  points: readonly FrontPoint[],
  { goal, current }: SuggestOptions,
): Suggestion | undefined {
  const now = evaluate(profile, current);
  const picked = pick(profile, points, goal, now);
  if (!picked) return undefined;
  const expected = quicken(profile, picked, now);
  if (!worthwhile(profile, now, expected, goal)) return undefined;
  const view = { now: viewOf(profile, current), next: viewOf(profile, expected.setup) };
  return {
    setup: expected.setup,
    current: now,
    expected,
    title: titleOf(view),
    reasons: reasonsOf(profile, now, expected, view),
    flips: flipsOf(profile, now, expected),
    changes: changesOf(view, expected.setup),
  };
}

function pick(profile: ApplicationProfile, points: readonly FrontPoint[], goal: Goal, now: Evaluation): FrontPoint | undefined {
  const cheapest = points.at(-1);
  const fastest = points[0];
  if (!cheapest || !fastest) return undefined;
  const limits = limitsOf(goal, profile);
  const allowed = points.filter((point) => meetsLimits(point.latency, limits));
  const aim = typeof goal === "object" ? goal.minimize : goal;
  // Limits that nothing can meet: as near to them as possible.
  if (allowed.length === 0) return fastest;
  if (aim === "cost") {
    const least = allowed.at(-1)!.costPerMillion;
    return allowed.find((point) => point.costPerMillion <= least * (1 + SAME));
  }
  if (aim === "latency") {
    const least = allowed[0]!.latency.mean;
    return allowed.findLast((point) => point.latency.mean <= least * (1 + SAME));
  }
  // Balanced: worse than now in neither; one percent of latency weighs as much as one percent of cost.
  const noWorse = allowed.filter(
    (point) =>
      point.costPerMillion <= now.costPerMillion * (1 + SAME / 10) && point.latency.mean <= now.latency.mean * (1 + SAME / 10),
  );
  const product = (point: FrontPoint) => point.latency.mean * point.costPerMillion;
  return noWorse.reduce<FrontPoint | undefined>(
    (best, point) => (best && product(best) <= product(point) ? best : point),
    undefined,
  );
}

/** CPU-bound work costs the same at every size up to its share: functions that nobody waits for take the fastest size of equal cost. */
function quicken(profile: ApplicationProfile, picked: Evaluation, now: Evaluation): Evaluation {
  const model = modelOf(profile);
  let best: Evaluation = picked;
  const limit = Math.max(picked.costPerMillion, Math.min(now.costPerMillion, picked.costPerMillion * (1 + SAME)));
  for (const { root, awaited, tasks, ownCost, duration } of viewOf(profile, picked.setup).functions) {
    if (awaited) continue;
    let fastest = duration;
    for (const memory of sizesFor(
      model,
      tasks.map((name) => model.index.get(name)!),
    )) {
      const setup = { ...best.setup, [root]: { ...best.setup[root], memory } };
      const tried = viewOf(profile, setup).functions.find((one) => one.root === root);
      if (!tried || tried.ownCost > ownCost * (1 + SAME) || tried.duration >= fastest * (1 - SAME)) continue;
      const evaluation = evaluate(profile, setup);
      if (evaluation.costPerMillion > limit) continue;
      fastest = tried.duration;
      best = evaluation;
    }
  }
  return best;
}

function worthwhile(profile: ApplicationProfile, now: Evaluation, expected: Evaluation, goal: Goal): boolean {
  const faster = 1 - expected.latency.mean / now.latency.mean;
  const cheaper = 1 - expected.costPerMillion / now.costPerMillion;
  const limits = limitsOf(goal, profile);
  if (limits && !meetsLimits(now.latency, limits)) return faster >= LATENCY_WORTH;
  const aim = typeof goal === "object" ? goal.minimize : goal;
  if (aim === "latency") return faster >= LATENCY_WORTH;
  if (aim === "cost") return cheaper >= COST_WORTH;
  return faster >= LATENCY_WORTH || cheaper >= COST_WORTH;
}
