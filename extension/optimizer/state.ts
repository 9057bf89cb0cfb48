/** How far a function's invocation has come in the model, and what was decided on the way. */
import type { CallOp } from "./model.ts";
import type { Terms } from "./terms.ts";

/** A function as its callers see it: one way to build it. */
export interface FunctionPoint {
  /** Tells points of one search apart. */
  id: number;
  root: number;
  /** MB. */
  memory: number;
  /** ms of an invocation, without INIT. */
  duration: number;
  /** ms that a synchronous caller waits beyond the hop: the duration and the expected cold start. */
  response: number;
  /** US dollars per invocation, everything that it causes included. */
  cost: number;
  decided: Decided | undefined;
  /** Tasks inside, the root left out. */
  members: readonly number[];
  /** Latency terms (sum: `response`), and cost terms (sum: `cost`) at the place of downstream bills; only when asked for. */
  terms?: Terms;
}

export const INLINE = "inline";
export type Choice = typeof INLINE | FunctionPoint;

/** Decisions of one function, newest first; `key` = callee × 2 + (asynchronous ? 1 : 0). */
export interface Decided {
  key: number;
  choice: Choice;
  rest: Decided | undefined;
}

export interface State {
  t: number;
  credit: number;
  /** US dollars of what remote calls caused so far. */
  down: number;
  decided: Decided | undefined;
  members: readonly number[];
  /** MB of code of the members. */
  codeMb: number;
  /** Decisions on callees that come again later in the function: states that differ in them must not be merged. */
  bound: string;
  terms: Terms | undefined;
  /** Lower bounds only: ms until the last inlined asynchronous call ends, and vCPU-ms of CPU work so far. */
  tail: number;
  work: number;
}

export function keyOf(op: CallOp): number {
  return op.callee * 2 + (op.async ? 1 : 0);
}

export function decisionFor(decided: Decided | undefined, key: number): Choice | undefined {
  for (let entry = decided; entry; entry = entry.rest) if (entry.key === key) return entry.choice;
  return undefined;
}

export function* decisions(decided: Decided | undefined): Generator<Decided> {
  for (let entry = decided; entry; entry = entry.rest) yield entry;
}

export function copy(state: State): State {
  return { ...state, terms: state.terms ? Float64Array.from(state.terms) : undefined };
}
