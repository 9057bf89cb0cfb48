/** What a setup costs and how long a root request takes, with every term. */
import { UserError } from "../core/errors.ts";
import type { FusionSetup } from "../core/setup.ts";
import { choicesOf } from "./assignment.ts";
import { modelOf, type Model } from "./model.ts";
import type { ApplicationProfile } from "./profile.ts";
import { percentiles } from "./percentiles.ts";
import type { Effort } from "./run.ts";
import { Solver } from "./solver.ts";
import { INLINE, type FunctionPoint } from "./state.ts";
import { COST_TERMS, costLedger, DOWN, LATENCY_TERMS, latencyLedger } from "./terms.ts";
import type { Evaluation } from "./types.ts";

/** Rounds until a recursion's time has settled. */
const MOST_ROUNDS = 400;
/** ms; no function of Lambda runs longer than 15 minutes. */
const LONGEST_MS = 900_000;

/**
 * Deterministic. Functions that the setup does not list have the default memory and inline nothing. Calls within a recursion
 * always count as remote. Constraints are not checked: see `violations`.
 * @throws UserError `endless-recursion` when tasks call each other more than once on average.
 */
export function evaluate(profile: ApplicationProfile, setup: FusionSetup): Evaluation {
  const model = modelOf(profile);
  const points = entryPoints(model, setup);
  const latency = new Float64Array(LATENCY_TERMS.length);
  const cost = new Float64Array(COST_TERMS.length);
  let mean = 0;
  let dollars = 0;
  for (const { point, weight } of points) {
    mean += weight * point.response;
    dollars += weight * point.cost;
    for (let i = 0; i < latency.length; i++) latency[i]! += weight * point.terms![i]!;
    for (let i = 0; i < cost.length; i++) cost[i]! += weight * point.terms![DOWN + i]!;
  }
  const client = profile.platform.clientMs ?? 0;
  latency[LATENCY_TERMS.indexOf("hopWait")]! += client;
  return {
    setup,
    latency: { mean: mean + client, ...percentiles(model, points, client) },
    costPerMillion: dollars * 1e6,
    invocations: points.reduce((sum, { point, weight }) => sum + weight * invocationsOf(model, point), 0),
    terms: { cost: costLedger(cost), latency: latencyLedger(latency) },
  };
}

export interface EntryPoint {
  point: FunctionPoint;
  weight: number;
}

/** Points with terms, one for each entry. */
export function entryPoints(model: Model, setup: FusionSetup): EntryPoint[] {
  const forced = choicesOf(model, setup);
  let guesses = new Map<number, FunctionPoint>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const effort: Effort = { explored: 0, steps: Infinity, exact: true, regionLimit: 2, stateLimit: 2, tooMany: new WeakSet() };
    const solver = new Solver(model, { effort, forced, terms: true, guesses });
    const points = model.entries.map(({ task, weight }) => ({ point: solver.sync(task)[0]!, weight }));
    const next = new Map([...solver.recursive].map((root) => [root, solver.sync(root)[0]!]));
    const settled = [...next].every(([root, point]) => {
      const guess = guesses.get(root);
      return guess && close(guess.response, point.response) && close(guess.cost, point.cost);
    });
    if (settled) return points;
    guesses = next;
    const endless = [...next].find(([, point]) => point.response > LONGEST_MS);
    if (endless) throw endlessRecursion(model, endless[0]);
  }
  throw endlessRecursion(model, [...guesses.keys()][0] ?? 0);
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
}

function endlessRecursion(model: Model, task: number): UserError {
  return new UserError(
    "endless-recursion",
    `The recursion through task “${model.names[task]}” does not end: its calls come to one or more per run on average.`,
    "Check `times` of the calls on the cycle in the profile.",
  );
}

/** Invocations that one invocation of the point's function comes to, itself included. */
export function invocationsOf(model: Model, point: FunctionPoint): number {
  let total = 0;
  visitInvocations(model, point, 1, (_, times) => (total += times));
  return total;
}

/** Every function that is invoked, with how often; recursion is followed until what is left does not matter. */
export function visitInvocations(
  model: Model,
  point: FunctionPoint,
  times: number,
  visit: (point: FunctionPoint, times: number) => void,
): void {
  if (point.memory === 0 || times < 1e-9) return;
  visit(point, times);
  for (const { choice, runs } of remoteCalls(model, point)) visitInvocations(model, choice, times * runs, visit);
}

/** Remote calls of one invocation and how often each is made, those of inlined tasks included. */
export function remoteCalls(
  model: Model,
  point: FunctionPoint,
): { choice: FunctionPoint; callee: number; async: boolean; runs: number }[] {
  const chosen = new Map<number, FunctionPoint | typeof INLINE>();
  for (let entry = point.decided; entry; entry = entry.rest) chosen.set(entry.key, entry.choice);
  const found: { choice: FunctionPoint; callee: number; async: boolean; runs: number }[] = [];
  const walk = (ops: Model["programs"][number], runs: number): void => {
    for (const op of ops) {
      if (op.op === "parallel") for (const branch of op.branches) walk(branch, runs);
      if (op.op !== "call" || op.times <= 0) continue;
      const choice = chosen.get(op.callee * 2 + (op.async ? 1 : 0));
      if (choice === INLINE) walk(model.programs[op.callee]!, runs * op.times);
      else if (choice) found.push({ choice, callee: op.callee, async: op.async, runs: runs * op.times });
    }
  };
  walk(model.programs[point.root]!, 1);
  return found;
}
