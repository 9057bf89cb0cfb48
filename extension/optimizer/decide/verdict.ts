/**
 * Old setup against new one: better, worse (roll back), no difference (old kept), or not decided yet.
 *
 *   const pairs: BlockPair[] = [];
 *   for (const order of blockOrder(plan.pairs, seed)) {
 *     pairs.push(await measurePair(order));
 *     const verdict = judge(pairs, { goal, cap: plan.pairs });
 *     if (verdict.kind !== "undecided") break;
 *   }
 *   const report = effectOf(freshPairs);           // of pairs measured after the decision: the stopped ones flatter
 */
import type { Goal } from "../../core/setup.ts";
import { logRatios, moreOften, tailDifferences, validPairs, type BlockPair } from "./blocks.ts";
import { confidence, peakEvidence, type Evidence, type Interval } from "./sequential-test.ts";

export interface AcceptanceRule {
  goal: Goal;
  /** Valid pairs after which nothing more is expected to show. */
  cap: number;
  /** Probability of accepting a setup that is no better; and of rolling back one that is no worse. */
  alpha?: number;
  /** Share by which what the goal does not ask for may get worse. */
  margin?: number;
  /** Difference in the share of slow requests that is let pass. */
  tailMargin?: number;
  /** Share by which the goal must get better for the change to be worth keeping; surely less ends the comparison early. */
  worth?: number;
  /** The old setup was known to miss the goal's latency limit before the comparison began: then fewer slow requests are the aim. */
  oldMisses?: boolean;
  /** Share of the cap's blocks that may be void before the comparison is given up. */
  mostVoid?: number;
}

export type VerdictKind = "better" | "worse" | "no difference" | "undecided";

export interface Effect {
  /** new / old − 1. */
  latency: number;
  cost: number;
  /** 95 % intervals that hold at any moment; infinite while few pairs are in. */
  latencyInterval: Interval;
  costInterval: Interval;
  /** Valid pairs. */
  pairs: number;
  /** Both setups together. */
  requests: number;
}

export interface AcceptanceVerdict {
  kind: VerdictKind;
  /** What decided, in words. */
  reasons: string[];
  /** Of the pairs judged: biased towards the decision, so report `effectOf` fresh pairs after it. */
  effect: Effect;
  evidence: { goal: Evidence; latency: Evidence; cost: Evidence; tail: Evidence; errors: number };
  void: { old: number; new: number };
}

const LIMITS = { alpha: 0.05, margin: 0.05, tailMargin: 0.05, worth: 0.02, mostVoid: 0.5 };

/** Deterministic. `pairs`: all so far, in time order, void ones included. */
export function judge(pairs: readonly BlockPair[], rule: AcceptanceRule): AcceptanceVerdict {
  return { ...decide(pairs, rule), effect: effectOf(pairs) };
}

/** `judge` without the effect and its intervals, which take longer to work out than the decision. */
export function decide(pairs: readonly BlockPair[], rule: AcceptanceRule): Omit<AcceptanceVerdict, "effect"> {
  const { goal, cap, alpha, margin, tailMargin, worth, mostVoid, oldMisses } = { ...LIMITS, ...defined(rule) };
  const valid = validPairs(pairs);
  const latency = logRatios(valid, (block) => block.latency);
  const cost = logRatios(valid, (block) => block.cost);
  const tail = tailDifferences(valid);
  const aim = oldMisses ? (tail.length > 0 ? "tail" : "latency") : typeof goal === "object" ? goal.minimize : goal;
  const aimed = { latency, cost, tail, balanced: latency.map((one, i) => one + (cost[i] ?? 0)) }[aim];
  const voids = { old: total(pairs, (p) => Number(p.old.void ?? false)), new: total(pairs, (p) => Number(p.new.void ?? false)) };
  const evidence = {
    goal: peakEvidence(aimed),
    latency: peakEvidence(latency),
    cost: peakEvidence(cost),
    tail: peakEvidence(tail),
    errors: moreOften(
      total(valid, (pair) => pair.new.errors),
      total(valid, (pair) => pair.old.errors),
    ),
  };
  const verdict = (kind: VerdictKind, reasons: string[]) => ({ kind, reasons, evidence, void: voids });
  // A fifth of the error budget for each way to be worse; all of it for being better: every further condition only makes that rarer.
  const slack = Math.log1p(margin);
  const worse = [
    [AIM_WORDS[aim], evidence.goal.above],
    ["latency", peakEvidence(latency, slack).above],
    ["cost", peakEvidence(cost, slack).above],
    ["the share of slow requests", peakEvidence(tail, tailMargin).above],
    ["the number of errors", evidence.errors],
  ] as const;
  const guilty = [...new Set(worse.filter(([, value]) => value >= worse.length / alpha).map(([name]) => name))];
  if (guilty.length > 0)
    return verdict(
      "worse",
      guilty.map((name) => `${name} got worse`),
    );
  const below = (differences: readonly number[], shift: number) =>
    differences.length === 0 || peakEvidence(differences, shift).below >= 1 / alpha;
  const held = below(latency, slack) && below(cost, slack) && below(tail, tailMargin);
  if (evidence.goal.below >= 1 / alpha && held) return verdict("better", [`${AIM_WORDS[aim]} got better`]);
  if (moreOften(voids.new, voids.old) >= 1 / alpha)
    return verdict("no difference", [
      "the machine was saturated more often under the new setup, so that the rest proves nothing",
    ]);
  if (voids.old + voids.new > mostVoid * 2 * cap)
    return verdict("no difference", ["the machine was saturated too often to tell"]);
  if (valid.length >= cap) return verdict("no difference", [`${valid.length} pairs of blocks show none`]);
  // Not while it looks worse: that is to be said as well.
  const harmless =
    evidence.goal.above < PERHAPS_WORSE && evidence.latency.above < PERHAPS_WORSE && evidence.cost.above < PERHAPS_WORSE;
  if (aim !== "tail" && harmless && peakEvidence(aimed, Math.log1p(-worth)).above >= 1 / alpha)
    return verdict("no difference", [`what is gained, if anything, is less than ${(worth * 100).toFixed(0)} %`]);
  return verdict("undecided", []);
}

/** Evidence from which on a comparison goes on to see whether the new setup is worse. */
const PERHAPS_WORSE = 3;

const AIM_WORDS = { latency: "latency", cost: "cost", tail: "the share of slow requests", balanced: "latency and cost together" };

/** The effect that pairs show. Give it pairs that were measured after the decision. */
export function effectOf(pairs: readonly BlockPair[], alpha = 0.05): Effect {
  const valid = validPairs(pairs);
  const latency = logRatios(valid, (block) => block.latency);
  const cost = logRatios(valid, (block) => block.cost);
  const share = (differences: number[]) => Math.expm1(total(differences, (one) => one) / Math.max(1, differences.length));
  const interval = (differences: number[]): Interval => {
    const { low, high } = confidence(differences, alpha);
    return { low: Math.expm1(low), high: Math.expm1(high) };
  };
  return {
    latency: share(latency),
    cost: share(cost),
    latencyInterval: interval(latency),
    costInterval: interval(cost),
    pairs: valid.length,
    requests: total(valid, (pair) => pair.old.requests + pair.new.requests),
  };
}

function total<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
