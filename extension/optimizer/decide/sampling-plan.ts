/**
 * How often to look while nothing changes, and when to begin a new round.
 *
 * Sampling: Dodge's continuous sampling plan CSP-1. Look at every unit (here: block of requests) until `clearance` in a row are as expected,
 * then at a share of them, and at all again after the first that is not. Change: two-sided CUSUM on ln(observed / predicted), so that more
 * load, which the prediction knows, is no alarm, and a change of the code or of the platform is. Reducers: state in, state and advice out.
 *
 * Sources: H. F. Dodge, Annals of Mathematical Statistics 14 (1943); E. S. Page, Biometrika 41 (1954); average run length after
 * D. Siegmund, "Sequential Analysis" (1985).
 */

export interface SamplingPlan {
  /** Units in a row that must be good before only some are looked at. */
  clearance: number;
  /** Share of units looked at from then on. */
  fraction: number;
}

export const DEFAULT_PLAN: SamplingPlan = { clearance: 10, fraction: 0.1 };

export interface SamplingState {
  phase: "all" | "some";
  /** Good units in a row while all are looked at. */
  good: number;
  /** Units passed over since the last look. */
  skipped: number;
}

export const FIRST_SAMPLING: SamplingState = { phase: "all", good: 0, skipped: 0 };

/** Whether the next unit is to be looked at. With `random` (0 ≤ x < 1) looks are drawn; without they come evenly. */
export function looksAt(state: SamplingState, plan: SamplingPlan = DEFAULT_PLAN, random?: number): boolean {
  if (state.phase === "all") return true;
  return random === undefined ? state.skipped + 1 >= Math.round(1 / plan.fraction) : random < plan.fraction;
}

/** @param unit whether the unit was as expected, or that it was passed over. */
export function afterUnit(
  state: SamplingState,
  unit: "good" | "bad" | "skipped",
  plan: SamplingPlan = DEFAULT_PLAN,
): SamplingState {
  if (unit === "skipped") return { ...state, skipped: state.skipped + 1 };
  if (unit === "bad") return { ...FIRST_SAMPLING };
  if (state.phase === "some") return { ...state, skipped: 0 };
  const good = state.good + 1;
  return good >= plan.clearance ? { phase: "some", good: 0, skipped: 0 } : { ...state, good };
}

/** Mean share of units looked at when a share `bad` of them is not as expected: AFI = (u + f v) / (u + v). */
export function averageFractionInspected(bad: number, { clearance, fraction }: SamplingPlan = DEFAULT_PLAN): number {
  if (bad <= 0) return fraction;
  if (bad >= 1) return 1;
  const all = (1 - (1 - bad) ** clearance) / (bad * (1 - bad) ** clearance);
  const some = 1 / (fraction * bad);
  return (all + fraction * some) / (all + some);
}

/** Largest mean share of bad units that pass unseen, over all shares that may come. */
export function averageOutgoingLimit(plan: SamplingPlan = DEFAULT_PLAN): number {
  let worst = 0;
  for (let i = 1; i < 1000; i++) worst = Math.max(worst, (i / 1000) * (1 - averageFractionInspected(i / 1000, plan)));
  return worst;
}

export interface ChangeState {
  up: number;
  down: number;
  /** Units seen since the last change. */
  units: number;
}

export const NO_CHANGE: ChangeState = { up: 0, down: 0, units: 0 };

export interface ChangeRule {
  /** Standard deviation of ln(observed / predicted) of a block while nothing changes. */
  deviation: number;
  /** Smallest change to find, as a share; half of it is what each unit may drift unpunished. */
  change?: number;
  /** Mean number of units between false alarms. */
  falseAlarmEvery?: number;
}

/** Adds one unit. `changed` asks for a new round; the state then starts afresh. */
export function afterResidual(
  state: ChangeState,
  { observed, predicted }: { observed: number; predicted: number },
  rule: ChangeRule,
): { state: ChangeState; changed: false | "slower" | "faster" } {
  const { allowance, limit } = chartOf(rule);
  const residual = Math.log(observed / predicted) / Math.max(rule.deviation, 1e-6);
  if (!Number.isFinite(residual)) return { state, changed: false };
  const next = {
    up: Math.max(0, state.up + residual - allowance),
    down: Math.max(0, state.down - residual - allowance),
    units: state.units + 1,
  };
  if (next.up > limit) return { state: NO_CHANGE, changed: "slower" };
  if (next.down > limit) return { state: NO_CHANGE, changed: "faster" };
  return { state: next, changed: false };
}

/** Allowance and alarm limit in standard deviations. */
export function chartOf({ deviation, change = 0.1, falseAlarmEvery = 5_000 }: ChangeRule): { allowance: number; limit: number } {
  const allowance = Math.min(1, Math.max(0.1, Math.log1p(change) / Math.max(deviation, 1e-6) / 2));
  // Two sides: each may alarm half as often.
  let limit = 1;
  while (runLength(allowance, limit) < 2 * falseAlarmEvery) limit += 0.05;
  return { allowance, limit };
}

/** Mean units until one side alarms while nothing changes (Siegmund's approximation). */
function runLength(allowance: number, limit: number): number {
  const distance = limit + 1.166;
  return (Math.exp(2 * allowance * distance) - 2 * allowance * distance - 1) / (2 * allowance ** 2);
}

/** A block is as expected when it lies within this many standard deviations of the prediction. */
const EXPECTED_WITHIN = 3;

export interface WatchState {
  sampling: SamplingState;
  latency: ChangeState;
  cost: ChangeState;
}

export const FIRST_WATCH: WatchState = { sampling: FIRST_SAMPLING, latency: NO_CHANGE, cost: NO_CHANGE };

export interface WatchedBlock {
  latency: { observed: number; predicted: number; deviation: number };
  cost: { observed: number; predicted: number; deviation: number };
}

export interface Watched {
  state: WatchState;
  /** `new round`: measure in full and optimise again. */
  advice: "go on" | "new round";
  /** Why, in words. */
  reason?: string;
}

/** One block that was looked at, or passed over (`undefined`): sampling plan and change detection together. */
export function watch(state: WatchState, block: WatchedBlock | undefined, plan: SamplingPlan = DEFAULT_PLAN): Watched {
  if (!block) return { state: { ...state, sampling: afterUnit(state.sampling, "skipped", plan) }, advice: "go on" };
  let good = true;
  const next = { ...state };
  for (const quantity of ["latency", "cost"] as const) {
    const seen = block[quantity];
    const off = Math.log(seen.observed / seen.predicted) / Math.max(seen.deviation, 1e-6);
    good &&= Math.abs(off) <= EXPECTED_WITHIN;
    const { state: after, changed } = afterResidual(state[quantity], seen, { deviation: seen.deviation });
    next[quantity] = after;
    if (changed) {
      const direction = quantity === "cost" ? (changed === "slower" ? "dearer" : "cheaper") : changed;
      return { state: FIRST_WATCH, advice: "new round", reason: `requests have become ${direction} than predicted` };
    }
  }
  return { state: { ...next, sampling: afterUnit(state.sampling, good ? "good" : "bad", plan) }, advice: "go on" };
}
