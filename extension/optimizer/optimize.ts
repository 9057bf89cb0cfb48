/** Profile -> front of setups and the one to suggest. */
import { UserError } from "../core/errors.ts";
import type { Constraints, FusionSetup, Goal } from "../core/setup.ts";
import { setupOf, type Assignment } from "./assignment.ts";
import { evaluate } from "./evaluate.ts";
import { calls, sizesFor, Solver } from "./solver.ts";
import { limitsOf, meetsLimits } from "./limits.ts";
import { modelOf, type Model } from "./model.ts";
import type { ApplicationProfile } from "./profile.ts";
import { budgetFor, search, type SearchBudget, type SearchResult } from "./search.ts";
import { suggest } from "./suggest.ts";
import type { FrontPoint, Suggestion } from "./types.ts";

export interface OptimizeOptions {
  goal: Goal;
  /** Joined with the profile's own. */
  constraints?: Constraints;
  /** The setup to improve; default: the base setup. */
  current?: FusionSetup;
  /** Bounds the search; not a clock, so that answers repeat. */
  budget?: Partial<SearchBudget>;
  /** Draws of p50 and p95 are seeded anyway; kept so that callers can say which run this was. */
  seed?: number;
}

export interface OptimizeResult {
  /** Fastest first. */
  front: FrontPoint[];
  /** Absent when nothing is to be gained. */
  suggestion?: Suggestion;
  /** Choices followed and stretches simulated. */
  explored: number;
  /** The front is proven optimal in the model. */
  exact: boolean;
}

/** @throws UserError `infeasible` when constraints contradict each other or the profile; the message names the place. */
export function optimize(profile: ApplicationProfile, options: OptimizeOptions): OptimizeResult {
  const constrained = withConstraints(profile, options.constraints);
  const model = modelOf(constrained);
  checkFeasible(model);
  const result = search(model, { ...budgetFor(model), ...options.budget });
  if (result.front.length === 0) throw infeasible("no setup meets all constraints");
  const points = labelled(frontPoints(model, result), options.goal, constrained);
  const suggestion = suggest(constrained, points, { goal: options.goal, current: options.current ?? {} });
  return { front: points, ...(suggestion && { suggestion }), explored: result.explored, exact: result.exact };
}

function withConstraints(profile: ApplicationProfile, more: Constraints | undefined): ApplicationProfile {
  if (!more) return profile;
  const own = profile.constraints;
  return {
    ...profile,
    constraints: {
      ...own,
      apart: [...(own.apart ?? []), ...(more.apart ?? [])],
      memory: { ...own.memory, ...more.memory },
      exclusive: [...(own.exclusive ?? []), ...(more.exclusive ?? [])],
      lossTolerated: [...(own.lossTolerated ?? []), ...(more.lossTolerated ?? [])],
    },
  };
}

function infeasible(reason: string): UserError {
  return new UserError("infeasible", `No setup is possible: ${reason}.`, "Loosen the constraint it names.");
}

function checkFeasible(model: Model): void {
  model.names.forEach((name, task) => {
    if (sizesFor(model, [task]).length === 0) {
      throw infeasible(
        `task “${name}” needs ${model.floor[task]} MB but may have at most ${Math.min(model.ceiling[task]!, Math.max(...model.profile.memorySizes))} MB (constraints.memory.${name})`,
      );
    }
    for (const op of calls(model.programs[task]!)) {
      const callee = model.names[op.callee]!;
      if (!op.inlineOnly) continue;
      if (model.apart[task]!.includes(op.callee)) {
        throw infeasible(
          `the payload of ${name} → ${callee} is too large for a remote call, but constraints.apart keeps them apart`,
        );
      }
      if (op.remoteOnly)
        throw infeasible(`the payload of ${name} → ${callee} is too large for a remote call, but the call is recursive`);
    }
  });
}

function frontPoints(model: Model, { front, bound, exact }: SearchResult): FrontPoint[] {
  return front.map((found) => {
    const evaluation = evaluate(model.profile, completeSetup(model, found.assignment));
    const client = model.profile.platform.clientMs ?? 0;
    const response = evaluation.latency.mean - client;
    const cost = evaluation.costPerMillion / 1e6;
    if (exact) return { ...evaluation, gap: { latency: 0, cost: 0 }, labels: [] };
    const noDearer = bound.filter((one) => one.cost <= cost * (1 + 1e-12));
    const noSlower = bound.filter((one) => one.response <= response * (1 + 1e-12));
    const least = (values: number[]) => (values.length > 0 ? Math.min(...values) : 0);
    return {
      ...evaluation,
      gap: {
        latency: Math.max(0, 1 - least(noDearer.map((one) => one.response)) / response),
        cost: Math.max(0, 1 - least(noSlower.map((one) => one.cost)) / cost),
      },
      labels: [],
    };
  });
}

/** The setup of an assignment, and a function for every task that is inlined asynchronously: its failed events go there. */
export function completeSetup(model: Model, assignment: Assignment): FusionSetup {
  const complete: Assignment = new Map(assignment);
  const effort = { explored: 0, steps: Infinity, exact: true, regionLimit: 64, stateLimit: 64, tooMany: new WeakSet() };
  let solver: Solver | undefined;
  for (const { inlined } of assignment.values()) {
    for (const [key, inline] of inlined) {
      const task = key >> 1;
      if (!inline || key % 2 === 0 || complete.has(task)) continue;
      solver ??= new Solver(model, { effort, forced: new Map() });
      const point = solver.async(task)[0];
      if (point) complete.set(task, { memory: point.memory, inlined: new Map() });
    }
  }
  return setupOf(model, complete);
}

/** Named picks. The knee is the point furthest below the line between cheapest and fastest, both axes scaled to 1. */
function labelled(points: FrontPoint[], goal: Goal, profile: ApplicationProfile): FrontPoint[] {
  const fastest = points[0]!;
  const cheapest = points.at(-1)!;
  fastest.labels.push("fastest");
  cheapest.labels.push("cheapest");
  const width = cheapest.latency.mean - fastest.latency.mean;
  const height = fastest.costPerMillion - cheapest.costPerMillion;
  if (points.length > 2 && width > 0 && height > 0) {
    const below = (point: FrontPoint) =>
      1 - (point.latency.mean - fastest.latency.mean) / width - (point.costPerMillion - cheapest.costPerMillion) / height;
    points.reduce((best, point) => (below(point) > below(best) ? point : best)).labels.push("knee");
  }
  const within = points.filter((point) => meetsLimits(point.latency, limitsOf(goal, profile))).at(-1);
  if (within && limitsOf(goal, profile)) within.labels.push("within goal");
  return points;
}
