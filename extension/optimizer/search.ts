/**
 * The front of setups: all that no other beats in mean latency and cost.
 *
 * Functions are solved from the leaves up, each for itself (solver.ts). That lets every caller pick its own way to build a shared callee; where
 * the picks of one front point differ, the callee is fixed to each of its ways in turn (branch and bound), deepest shared function first.
 * What the relaxed problem reaches bounds what any setup can reach: it gives the gap when the search is cut short.
 */
import { assign, ownChoice, signature, type Assignment } from "./assignment.ts";
import { lowerBound } from "./bound.ts";
import { entryPoints } from "./evaluate.ts";
import { calls, front, sizesFor, Solver, type OwnChoice } from "./solver.ts";
import type { Model } from "./model.ts";
import type { Effort } from "./run.ts";
import type { FunctionPoint } from "./state.ts";

export interface Candidate {
  /** ms, mean over entries. */
  response: number;
  /** US dollars per root request. */
  cost: number;
  /** One for each entry. */
  points: FunctionPoint[];
}

export interface Found extends Candidate {
  assignment: Assignment;
}

export interface SearchResult {
  front: Found[];
  /** No setup lies below it in both coordinates. */
  bound: { response: number; cost: number }[];
  /** The front is proven: nothing was left out. */
  exact: boolean;
  explored: number;
}

export interface SearchBudget {
  /** Branches of shared functions. */
  nodes: number;
  /** Choices followed and stretches simulated, after which no further branch is begun. */
  steps: number;
  regionLimit: number;
  stateLimit: number;
}

export const DEFAULT_BUDGET: SearchBudget = { nodes: 400, steps: 40_000, regionLimit: 400, stateLimit: 300 };

/** Trees of up to 20 tasks whose calls are all synchronous, one after the other, are proven within half a second when a little more may be kept. */
export function budgetFor(model: Model): SearchBudget {
  const callers = model.names.map(() => 0);
  for (const program of model.programs) for (const op of calls(program)) callers[op.callee]!++;
  const sequential = model.programs.every((program) =>
    program.every((op) => op.op !== "parallel" && !(op.op === "call" && op.async)),
  );
  const tree = callers.every((count) => count <= 1);
  return model.names.length <= 20 && sequential && tree
    ? { ...DEFAULT_BUDGET, steps: 200_000, stateLimit: 1_000 }
    : DEFAULT_BUDGET;
}

export function search(model: Model, budget: SearchBudget = DEFAULT_BUDGET): SearchResult {
  const effort: Effort = {
    explored: 0,
    steps: budget.steps,
    exact: true,
    regionLimit: budget.regionLimit,
    stateLimit: budget.stateLimit,
    tooMany: new WeakSet(),
  };
  const guesses = recursionGuesses(model);
  let nodes = 0;
  let cut = false;
  let found: Found[] = [];
  let bound: Candidate[] | undefined;
  const add = (more: Found[]): void => {
    found = front([...found, ...more]);
  };
  const beaten = (candidate: Candidate): boolean =>
    found.some((one) => one.response <= candidate.response && one.cost <= candidate.cost);
  const explore = (forced: ReadonlyMap<number, OwnChoice>, parent: Solver | undefined, added: number | undefined): void => {
    nodes++;
    const solver = new Solver(model, { effort, forced, guesses, ...(parent && added !== undefined ? { parent, added } : {}) });
    const candidates = combine(model, solver);
    bound ??= candidates;
    const open: { candidate: Candidate; assignment: Assignment; conflicts: Set<number> }[] = [];
    for (const candidate of candidates) {
      const joined = assign(model, candidate.points);
      if (joined.conflicts.size === 0) add([{ ...candidate, assignment: joined.assignment }]);
      else open.push({ candidate, ...joined });
    }
    const rest = open.filter(({ candidate }) => !beaten(candidate));
    if (rest.length === 0) return;
    if (nodes >= budget.nodes || effort.explored >= budget.steps) {
      cut = true;
      // The ends and the middle: each repair solves the app anew.
      const picked = new Set([rest[0]!, rest[rest.length >> 1]!, rest.at(-1)!]);
      for (const { candidate } of picked) add(repair(model, forced, candidate, effort, guesses));
      return;
    }
    const shared = deepestShared(model, rest[0]!, forced);
    for (const own of waysToBuild(model, solver, shared)) explore(new Map([...forced, [shared, own]]), solver, shared);
  };
  explore(new Map(), undefined, undefined);
  const recursive = guesses.size > 0;
  const trusted = effort.exact && !recursive;
  return {
    front: found,
    bound: trusted ? bound! : lowerBound(model),
    exact: trusted && !cut,
    explored: effort.explored + nodes,
  };
}

/** Every mix of ways to build the entries, weighed by their shares. */
function combine(model: Model, solver: Solver): Candidate[] {
  let mixed: Candidate[] = [{ response: 0, cost: 0, points: [] }];
  for (const { task, weight } of model.entries) {
    const ways = solver.sync(task);
    mixed = front(
      mixed.flatMap((candidate) =>
        ways.map((way) => ({
          response: candidate.response + weight * way.response,
          cost: candidate.cost + weight * way.cost,
          points: [...candidate.points, way],
        })),
      ),
    );
  }
  return mixed;
}

/** A conflicting function below which no conflicting function is left. */
function deepestShared(
  model: Model,
  { conflicts, assignment }: { conflicts: Set<number>; assignment: Assignment },
  forced: ReadonlyMap<number, OwnChoice>,
): number {
  const start = [...conflicts][0]!;
  const below = [...model.reach[start]!].filter((task) => assignment.has(task) && !forced.has(task) && conflicts.has(task));
  for (const task of below) if (![...model.reach[task]!].some((other) => other !== task && below.includes(other))) return task;
  return start;
}

/** Each way once that some caller may want the function built. */
function waysToBuild(model: Model, solver: Solver, root: number): OwnChoice[] {
  const ways = new Map<string, OwnChoice>();
  for (const point of [...solver.sync(root), ...solver.async(root)]) {
    const own = ownChoice(assign(model, [point]).assignment.get(root)!);
    ways.set(signature(own), own);
  }
  return [...ways.values()];
}

/** Fixes all that a candidate's uses disagree on, until they agree. */
function repair(
  model: Model,
  forced: ReadonlyMap<number, OwnChoice>,
  start: Candidate,
  effort: Effort,
  guesses: ReadonlyMap<number, FunctionPoint>,
): Found[] {
  const fixed = new Map(forced);
  let candidate = start;
  for (;;) {
    const { assignment, conflicts } = assign(model, candidate.points);
    if (conflicts.size === 0) return [{ ...candidate, assignment }];
    const before = fixed.size;
    for (const root of conflicts) if (!fixed.has(root)) fixed.set(root, ownChoice(assignment.get(root)!));
    if (fixed.size === before) return [];
    const next = combine(model, new Solver(model, { effort, forced: fixed, guesses }));
    if (next.length === 0) return [];
    const far = (one: Candidate) => Math.max(one.response / start.response, one.cost / start.cost);
    candidate = next.reduce((best, one) => (far(one) < far(best) ? one : best));
  }
}

/** What recursive callees are believed to take: as in a setup with everything remote at one vCPU. */
function recursionGuesses(model: Model): Map<number, FunctionPoint> {
  const guesses = new Map<number, FunctionPoint>();
  const recursive = model.names.flatMap((_, task) => (calls(model.programs[task]!).some((op) => op.remoteOnly) ? [task] : []));
  if (recursive.length === 0) return guesses;
  const setup = Object.fromEntries(
    model.names.map((name, task) => {
      const sizes = sizesFor(model, [task]);
      return [name, { memory: sizes.find((size) => size >= model.profile.platform.mbPerVcpu) ?? sizes.at(-1) ?? 128 }];
    }),
  );
  const seen = new Set<FunctionPoint>();
  const visit = (point: FunctionPoint): void => {
    if (seen.has(point) || point.memory === 0) return;
    seen.add(point);
    // Without memory: a guess decides nothing, the function itself is decided where the cycle is entered.
    guesses.set(point.root, { ...point, memory: 0 });
    for (let entry = point.decided; entry; entry = entry.rest) if (entry.choice !== "inline") visit(entry.choice);
  };
  for (const { point } of entryPoints(model, setup)) visit(point);
  return guesses;
}
