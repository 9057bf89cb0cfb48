/**
 * The optimizer, pure: profile -> front of setups -> suggestion.
 *
 *   const profile = parseProfile(text);                                   // or from monitoring's profileFrom
 *   const { front, suggestion, explored } = optimize(profile, { goal: "balanced", current: setup });
 *   const { latency, costPerMillion, terms } = evaluate(profile, setup);  // any setup
 */
export { optimize, type OptimizeOptions, type OptimizeResult } from "./optimize.ts";
export { evaluate } from "./evaluate.ts";
export { parseProfile } from "./parse.ts";
export { suggest, type SuggestOptions } from "./suggest.ts";
export {
  allInOne,
  allRemote,
  greedyCriticalEdge,
  paperHeuristic,
  perFunctionTuning,
  waitingMemoryStep,
  type Step as BaselineStep,
} from "./baselines.ts";
export type { ApplicationProfile, HopProfile, Step, TaskProfile } from "./profile.ts";
export type { Evaluation, FrontPoint, LatencyLedger, Ledger, Suggestion } from "./types.ts";
