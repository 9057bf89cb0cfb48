/** Decisions on measured setups, pure: what to deploy next, whether to keep it, when to look again. */
export {
  autocorrelationTime,
  blockOrder,
  blockRequests,
  tailLimit,
  validPairs,
  type Arm,
  type Block,
  type BlockPair,
} from "./blocks.ts";
export { nextExperiment, type Advice, type ExperimentOptions, type Outlook } from "./experiments.ts";
export {
  afterResidual,
  afterUnit,
  averageFractionInspected,
  averageOutgoingLimit,
  DEFAULT_PLAN,
  FIRST_WATCH,
  looksAt,
  watch,
  type SamplingPlan,
  type Watched,
  type WatchedBlock,
  type WatchState,
} from "./sampling-plan.ts";
export {
  alphaOfDecision,
  confidence,
  evidence,
  planComparison,
  type ComparisonPlan,
  type Evidence,
  type Interval,
} from "./sequential-test.ts";
export {
  decide,
  effectOf,
  judge,
  type AcceptanceRule,
  type AcceptanceVerdict,
  type Effect,
  type VerdictKind,
} from "./verdict.ts";
