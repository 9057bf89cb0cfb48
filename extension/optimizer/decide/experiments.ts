/**
 * Which experiment, if any, is worth a deployment.
 *
 * What is not known about an app is a set of draws: profiles that fit the measurements equally well (uncertainty.ts). Each candidate setup
 * has a value in each draw. Deploying one shows its latency and cost, which makes some draws likelier than others; the experiment that is
 * worth most is the one after which the best choice is expected to lose least against the best there is (expected reduction of regret).
 */
import type { Goal } from "../../core/setup.ts";

/** One setup as one draw sees it. */
export interface Outlook {
  /** ms, mean. */
  latency: number;
  /** US dollars per million root requests. */
  cost: number;
  /** The goal's latency limit is met. Default true. */
  meetsLimit?: boolean;
}

export interface ExperimentOptions {
  goal: Goal;
  /** `outlooks[draw][candidate]`; the candidate with index 0 is the current setup. */
  outlooks: readonly (readonly Outlook[])[];
  /** Relative standard errors of what a measurement of one setup shows. */
  measurement?: { latency: number; cost: number };
  /** Deployments made so far, the start included. */
  deployments: number;
  /** No further experiment once so many were made. */
  mostDeployments?: number;
  /** A candidate within this share of the best counts as best. */
  tolerance?: number;
  /** Probability of being best that is enough to compare and accept. */
  sure?: number;
  /** No experiment may be expected to be slower or dearer than now by more than these shares, in 95 % of the draws. */
  guard?: { latency: number; cost: number };
}

export type Advice =
  /** Compare this candidate with the current setup; accept it if it is better. */
  | { kind: "compare"; candidate: number; sure: number; gain: number }
  /** Deploy and measure this candidate to learn: the best choice is not certain yet. */
  | { kind: "experiment"; candidate: number; sure: number; worth: number }
  /** Nothing is worth a deployment. */
  | { kind: "stop"; reason: string };

/** The gain (share of the goal's value) below which nothing is worth a deployment. */
const LEAST_GAIN = 0.02;

export function nextExperiment(options: ExperimentOptions): Advice {
  const { goal, outlooks, deployments, mostDeployments = 4, tolerance = 0.02, sure: enough = 0.95 } = options;
  const values = outlooks.map((draw) => draw.map((one) => valueOf(one, goal)));
  const candidates = values[0]?.length ?? 0;
  if (candidates < 2) return { kind: "stop", reason: "there is nothing to choose from" };
  const equal = values.map(() => 1 / values.length);
  const best = bestOf(values, equal);
  const gain = 1 - Math.exp(mean(values.map((draw) => draw[best]! - draw[0]!)));
  const sure = mean(values.map((draw) => Number(draw[best]! <= Math.min(...draw) + Math.log1p(tolerance))));
  if (best === 0 || gain < LEAST_GAIN) {
    return { kind: "stop", reason: "no setup is expected to be better than the current one by what a measurement could show" };
  }
  if (deployments >= mostDeployments) return { kind: "stop", reason: `${deployments} deployments were made` };
  const allowed = Array.from({ length: candidates }, (_, i) => i).filter((i) => i > 0 && passesGuard(options, i));
  // The last deployment goes to the best setup: an experiment without a comparison after it would teach for nothing.
  if (sure >= enough || deployments === mostDeployments - 1) {
    if (allowed.includes(best)) return { kind: "compare", candidate: best, sure, gain };
    return { kind: "stop", reason: "the setup that looks best may be far slower or dearer than now" };
  }
  const now = regret(values, equal, best);
  let chosen = best;
  let worth = -Infinity;
  for (const candidate of allowed) {
    const after = expectedRegretAfter(options, values, candidate);
    // Of equals the one that looks best: measuring it is already half of accepting it.
    const value = now - after + (candidate === best ? 1e-6 : 0);
    if (value > worth) [worth, chosen] = [value, candidate];
  }
  if (worth === -Infinity) return { kind: "stop", reason: "every experiment may be far slower or dearer than now" };
  // Where no experiment can change the choice, comparing it is all there is to do.
  if (worth < LEAST_GAIN / 10 && allowed.includes(best)) return { kind: "compare", candidate: best, sure, gain };
  return { kind: "experiment", candidate: chosen, sure, worth };
}

/** Logarithm of what the goal minimises; a limit missed weighs more than anything gained. */
export function valueOf({ latency, cost, meetsLimit = true }: Outlook, goal: Goal): number {
  const aim = typeof goal === "object" ? goal.minimize : goal;
  const value =
    aim === "latency" ? Math.log(latency) : aim === "cost" ? Math.log(cost) : (Math.log(latency) + Math.log(cost)) / 2;
  return meetsLimit ? value : value + 10 + Math.log(latency);
}

/** Expected loss against the best of each draw when the choice is made after `candidate` was measured. */
function expectedRegretAfter({ outlooks, measurement }: ExperimentOptions, values: number[][], candidate: number): number {
  const { latency, cost } = measurement ?? { latency: 0.03, cost: 0.02 };
  const seen = outlooks.map((draw) => draw[candidate]!);
  return mean(
    seen.map((truth, i) => {
      const weights = seen.map((one) =>
        Math.exp(-0.5 * ((Math.log(one.latency / truth.latency) / latency) ** 2 + (Math.log(one.cost / truth.cost) / cost) ** 2)),
      );
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const choice = bestOf(
        values,
        weights.map((weight) => weight / total),
      );
      return values[i]![choice]! - Math.min(...values[i]!);
    }),
  );
}

function regret(values: number[][], weights: number[], choice: number): number {
  return values.reduce((sum, draw, i) => sum + weights[i]! * (draw[choice]! - Math.min(...draw)), 0);
}

function bestOf(values: number[][], weights: number[]): number {
  const expected = values[0]!.map((_, candidate) => values.reduce((sum, draw, i) => sum + weights[i]! * draw[candidate]!, 0));
  return expected.indexOf(Math.min(...expected));
}

function passesGuard({ outlooks, guard }: ExperimentOptions, candidate: number): boolean {
  const { latency, cost } = guard ?? { latency: 0.5, cost: 0.25 };
  const harmful = outlooks.filter(
    (draw) => draw[candidate]!.latency > draw[0]!.latency * (1 + latency) || draw[candidate]!.cost > draw[0]!.cost * (1 + cost),
  );
  return harmful.length <= 0.05 * outlooks.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
