/**
 * A front that no setup can lie below, for apps too large or too entangled for an exact search: the same recursion over functions, with
 * choices let loose (relaxed.ts) and states merged to something no worse, where the search would drop them.
 */
import type { Model } from "./model.ts";
import type { Effort } from "./run.ts";
import { front, Solver } from "./solver.ts";
import type { FunctionPoint } from "./state.ts";

export interface BoundPoint {
  /** ms. */
  response: number;
  /** US dollars per root request. */
  cost: number;
}

const STATES = 16;

export function lowerBound(model: Model): BoundPoint[] {
  const effort: Effort = {
    explored: 0,
    steps: Infinity,
    exact: true,
    regionLimit: 0,
    stateLimit: STATES,
    tooMany: new WeakSet(),
  };
  // A recursive call takes no time at all in the bound, and costs nothing.
  const solver = new Solver(model, {
    effort,
    forced: new Map<number, never>(),
    guesses: new Map<number, FunctionPoint>(),
    relaxed: true,
  });
  let mixed: BoundPoint[] = [{ response: 0, cost: 0 }];
  for (const { task, weight } of model.entries) {
    mixed = front(
      mixed.flatMap((one) =>
        solver.sync(task).map((way) => ({ response: one.response + weight * way.response, cost: one.cost + weight * way.cost })),
      ),
    );
  }
  return mixed;
}
