/** The published setups predicted by a profile that was fitted to two of them. */
import { evaluate, type ApplicationProfile } from "../../../../extension/optimizer/index.ts";
import { CONSTANTS, paperApps, type Fitted } from "../profiles/papers.ts";
import { PUBLISHED_IOT, PUBLISHED_TREE, type PublishedSetup } from "./published.ts";

export interface Prediction {
  app: "iot" | "tree";
  name: string;
  trained: boolean;
  latency: number;
  cost: number;
  /** Relative. */
  latencyError: number;
  costError: number;
}

/** The setup that the papers' system starts with, and the one it ends with: what every run of it has measured. */
export const START_AND_END: readonly string[] = ["base", "final"];
/** Where nothing in the two setups speaks for another value, the starting one stays: weight of one doubling against an error of the whole. */
const PRIOR = 0.02;

export function predict(profile: ApplicationProfile, { setup }: PublishedSetup): { latency: number; cost: number } {
  const { latency, costPerMillion, terms } = evaluate(profile, setup);
  return { latency: latency.mean, cost: costPerMillion - terms.cost.requestFees };
}

function loss(
  trainedOn: readonly string[],
  values: readonly number[],
  start: readonly number[],
  fitted: (values: readonly number[]) => Fitted,
): number {
  const { iot } = paperApps(fitted(values));
  let sum = 0;
  for (const one of PUBLISHED_IOT.filter(({ name }) => trainedOn.includes(name))) {
    const { latency, cost } = predict(iot, one);
    sum += (latency / one.latency - 1) ** 2 + (cost / one.cost - 1) ** 2;
  }
  return sum + (PRIOR * values.reduce((all, value, index) => all + Math.log2(value / start[index]!) ** 2, 0)) / values.length;
}

/** Coordinate search on factors, ever finer: the loss is smooth enough for it, and it needs no seed. */
export function fit(start: Fitted, trainedOn: readonly string[]): Fitted {
  const names = Object.keys(start) as (keyof Fitted)[];
  const from = names.map((name) => start[name]);
  const fitted = (values: readonly number[]): Fitted =>
    Object.fromEntries(names.map((name, index) => [name, values[index]!])) as unknown as Fitted;
  let values = from;
  let best = loss(trainedOn, values, from, fitted);
  for (let step = 0.3; step > 0.002; step /= 1.6) {
    for (let again = true; again;) {
      again = false;
      for (let index = 0; index < values.length; index += 1) {
        for (const factor of [1 + step, 1 / (1 + step)]) {
          const next = values.with(index, values[index]! * factor);
          const tried = loss(trainedOn, next, from, fitted);
          if (tried >= best - 1e-12) continue;
          best = tried;
          values = next;
          again = true;
        }
      }
    }
  }
  return fitted(values);
}

export function replay(trainedOn: readonly string[] = START_AND_END): Prediction[] {
  const apps = paperApps(fit(CONSTANTS, trainedOn));
  const rows = (app: "iot" | "tree", setups: PublishedSetup[]): Prediction[] =>
    setups.map((one) => {
      const { latency, cost } = predict(apps[app], one);
      return {
        app,
        name: one.name,
        trained: app === "iot" && trainedOn.includes(one.name),
        latency,
        cost,
        latencyError: latency / one.latency - 1,
        costError: cost / one.cost - 1,
      };
    });
  return [...rows("iot", PUBLISHED_IOT), ...rows("tree", PUBLISHED_TREE)];
}

/** Mean absolute errors of IoT's setups that the fit has not seen. */
export function heldOut(predictions: readonly Prediction[]): { latency: number; cost: number } {
  const unseen = predictions.filter(({ app, trained }) => app === "iot" && !trained);
  const mean = (of: (one: Prediction) => number) => unseen.reduce((sum, one) => sum + Math.abs(of(one)), 0) / unseen.length;
  return { latency: mean((one) => one.latencyError), cost: mean((one) => one.costError) };
}

/** The same for every pair of IoT's setups to train on, best latency first. */
export function allPairs(): { pair: string[]; latency: number; cost: number }[] {
  const names = PUBLISHED_IOT.map(({ name }) => name);
  return names
    .flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]))
    .map((pair) => ({ pair, ...heldOut(replay(pair)) }))
    .sort((a, b) => a.latency - b.latency);
}
