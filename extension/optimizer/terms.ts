/**
 * Where time and money go, as vectors of terms, so that sums stay exact: what is added to a clock or to a bill is added to
 * exactly one term of it.
 */
import type { LatencyLedger, Ledger } from "./types.ts";

/** Kinds of time inside one invocation. Their meaning for latency and for cost differs; see the two tables below. */
export const TIME = { cpu: 0, wait: 1, hopCpu: 2, syncHop: 3, asyncHop: 4, payload: 5, callee: 6 } as const;
export type TimeKind = (typeof TIME)[keyof typeof TIME];

export const LATENCY_TERMS = [
  "cpu",
  "wait",
  "hopCpu",
  "hopWait",
  "coldStart",
  "payload",
] as const satisfies (keyof LatencyLedger)[];
export const COST_TERMS = [
  "ownCompute",
  "doubleBilled",
  "hopCpu",
  "hopWait",
  "requestFees",
  "coldStart",
  "payload",
] as const satisfies (keyof Ledger)[];

/** Index in LATENCY_TERMS; the callee's time is spread over the callee's own terms. */
export const LATENCY_OF: readonly number[] = [0, 1, 2, 3, 3, 5, -1];
/** Index in COST_TERMS: all waiting for a synchronous remote call counts as paid twice. */
export const COST_OF: readonly number[] = [0, 0, 2, 1, 3, 6, 1];
export const COLD_LATENCY = 4;
export const FEES = 4;
export const COLD_COST = 5;

/** Latency terms first, then those of the time as it is billed, then those of downstream bills (US dollars). */
export const BILLED = LATENCY_TERMS.length;
export const DOWN = BILLED + COST_TERMS.length;
const SIZE = DOWN + COST_TERMS.length;

export type Terms = Float64Array;

export function noTerms(): Terms {
  return new Float64Array(SIZE);
}

/** Adds `ms` of one kind; for `callee`, `latency` says what the callee's response time of `total` ms consisted of. */
export function addTime(terms: Terms, kind: TimeKind, ms: number, callee?: { latency: Terms; total: number }): void {
  terms[BILLED + COST_OF[kind]!]! += ms;
  if (kind !== TIME.callee) {
    terms[LATENCY_OF[kind]!]! += ms;
    return;
  }
  if (!callee || callee.total <= 0) return;
  for (let i = 0; i < BILLED; i++) terms[i]! += (callee.latency[i]! * ms) / callee.total;
}

/** `from` + (`to` - `from`) × `share`, term by term. */
export function interpolate(from: Terms, to: Terms, share: number): Terms {
  const result = noTerms();
  for (let i = 0; i < SIZE; i++) result[i] = from[i]! + (to[i]! - from[i]!) * share;
  return result;
}

export function latencyLedger(terms: ArrayLike<number>): LatencyLedger {
  return Object.fromEntries(LATENCY_TERMS.map((name, i) => [name, terms[i]!])) as unknown as LatencyLedger;
}

/** `dollars`: cost terms of one root request. */
export function costLedger(dollars: ArrayLike<number>): Ledger {
  return Object.fromEntries(COST_TERMS.map((name, i) => [name, dollars[i]! * 1e6])) as unknown as Ledger;
}
