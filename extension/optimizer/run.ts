/**
 * Runs a function's program in the model. Where calls are not decided yet it follows every choice, and drops states that another one
 * beats whatever comes after: with all calls decided this is the evaluation of a setup, without it is the search.
 */
import { rest, runBurst, type CpuLaw } from "./law.ts";
import type { CallOp, Model, Op } from "./model.ts";
import { prune } from "./prune.ts";
import { relaxedCall, relaxedParallel } from "./relaxed.ts";
import { anomalyProne, buildRegion, calleeTerms, simulate } from "./region.ts";
import { copy, decisionFor, INLINE, keyOf, type Choice, type State } from "./state.ts";
import { addTime, DOWN, interpolate, TIME, type TimeKind } from "./terms.ts";

/** One function at one memory size, invoked in one way. */
export interface Host {
  model: Model;
  law: CpuLaw;
  root: number;
  /** US dollars per ms. */
  price: number;
  /** Choices for a call that is not decided yet; `overlapping`: other work of the function goes on at the same time. */
  choices(state: State, op: CallOp, overlapping: boolean): Choice[];
  /** Calls (keys) that can come more than once in an invocation: their decision stays part of the state. */
  repeated: ReadonlySet<number>;
  effort: Effort;
  /** For lower bounds (bound.ts): nothing is decided for good, and branches run as if alone. */
  relaxed?: { overlapping: boolean };
}

/** What a search may spend, and whether it had to leave something out. */
export interface Effort {
  explored: number;
  /** Where `explored` passes this, far less is kept from then on. */
  steps: number;
  exact: boolean;
  /** Combinations of choices tried for one stretch with several things going on at once. */
  regionLimit: number;
  /** States kept at one place of a program. */
  stateLimit: number;
  /** Stretches that were found to have more combinations. */
  tooMany: WeakSet<readonly Op[]>;
}

/** What is kept when the effort is spent: enough for a good setup, not for a proof. */
export const SPENT = { regionLimit: 16, stateLimit: 10 };

export function runSteps(host: Host, ops: readonly Op[], states: State[]): State[] {
  let current = states;
  for (const op of ops) {
    if (op.op === "cpu") for (const state of current) burst(host, state, op.work, op.threads, TIME.cpu);
    else if (op.op === "wait") for (const state of current) pause(host, state, op.time, TIME.wait);
    else if (op.op === "call")
      current = prune(
        host,
        current.flatMap((state) => call(host, op, state)),
      );
    else if (op.branches.length === 1) current = runSteps(host, op.branches[0]!, current);
    else
      current = prune(
        host,
        current.flatMap((state) =>
          host.relaxed ? relaxedParallel(host, op.branches, state) : parallel(host, op.branches, state),
        ),
      );
  }
  return current;
}

export function burst(host: Host, state: State, work: number, threads: number, kind: TimeKind): void {
  const before = state.t;
  runBurst(host.law, state, work, threads);
  state.work += work;
  if (state.terms) addTime(state.terms, kind, state.t - before);
}

export function pause(host: Host, state: State, time: number, kind: TimeKind): void {
  rest(host.law, state, time);
  if (state.terms) addTime(state.terms, kind, time);
}

function call(host: Host, op: CallOp, state: State): State[] {
  if (host.relaxed) return relaxedCall(host, op, state);
  const key = keyOf(op);
  const known = decisionFor(state.decided, key);
  if (known !== undefined) return repeat(host, op, state, known);
  const choices = host.choices(state, op, false);
  return choices.flatMap((choice) => repeat(host, op, decide(host, state, op, choice), choice));
}

/** The state with one decision more. */
export function decide(host: Host, state: State, op: CallOp, choice: Choice): State {
  host.effort.explored++;
  const key = keyOf(op);
  const next = copy(state);
  next.decided = { key, choice, rest: state.decided };
  if (host.repeated.has(key)) next.bound += `${key}:${choice === INLINE ? "" : choice.id};`;
  if (choice === INLINE && !state.members.includes(op.callee) && op.callee !== host.root) {
    next.members = [...state.members, op.callee];
    next.codeMb += host.model.codeMb[op.callee]!;
    if (host.model.apart[op.callee]!.length > 0) next.bound += `+${op.callee};`;
  }
  return next;
}

/** A mean number of calls: the first ones in full, the rest as a share. Credit (law.ts) settles after the first. */
export function repeat(host: Host, op: CallOp, state: State, choice: Choice): State[] {
  if (op.times <= 0) return [state];
  const first = once(host, op, copy(state), choice);
  if (op.times === 1) return first;
  if (op.times < 1) return first.map((after) => part(host, state, after, op.times));
  return first.flatMap((one) =>
    once(host, op, copy(one), choice).map((two) => ({ ...part(host, one, two, op.times - 1), credit: two.credit })),
  );
}

/** `share` of what happened between two states. Shares over 1 extrapolate. */
function part(host: Host, before: State, after: State, share: number): State {
  const between = (a: number, b: number) => a + (b - a) * share;
  return {
    ...after,
    t: between(before.t, after.t),
    down: between(before.down, after.down),
    work: between(before.work, after.work),
    tail: share < 1 ? before.tail : after.tail,
    credit: Math.min(host.law.quota, Math.max(0, between(before.credit, after.credit))),
    terms: before.terms && after.terms ? interpolate(before.terms, after.terms, share) : undefined,
  };
}

/** A remote call: half of the caller's CPU goes into sending, half into taking the answer. */
function once(host: Host, op: CallOp, state: State, choice: Choice): State[] {
  const { model } = host;
  if (choice === INLINE) return runSteps(host, model.programs[op.callee]!, [state]);
  const { hop } = op;
  burst(host, state, hop.cpuMs / 2, 1, TIME.hopCpu);
  if (!op.async) {
    rest(host.law, state, choice.response);
    if (state.terms) addTime(state.terms, TIME.callee, choice.response, calleeTerms(choice));
  }
  pause(host, state, hop.waitMs, op.async ? TIME.asyncHop : TIME.syncHop);
  pause(host, state, op.payload, TIME.payload);
  burst(host, state, hop.cpuMs / 2, 1, TIME.hopCpu);
  bill(state, choice, 1);
  return [state];
}

export function bill(state: State, point: Exclude<Choice, typeof INLINE>, times: number): void {
  state.down += point.cost * times;
  if (!state.terms || !point.terms) return;
  for (let i = 0; i < point.terms.length; i++) state.terms[i]! += i >= DOWN ? point.terms[i]! * times : 0;
}

function parallel(host: Host, branches: readonly (readonly Op[])[], state: State): State[] {
  return decideAll(host, branches, state).map((decided) => runRegion(host, branches, decided));
}

/** Simulates branches whose calls are all decided, and whatever asynchronous calls they inline. */
export function runRegion(host: Host, branches: readonly (readonly Op[])[], state: State): State {
  host.effort.explored++;
  const next = copy(state);
  if (host.effort.exact && anomalyProne(host, branches, state.decided)) host.effort.exact = false;
  const region = buildRegion(host, branches as Op[][], state.decided);
  const { length, credit } = simulate(host, region, state.credit, next.terms);
  next.t += length;
  next.credit = credit;
  for (const { point, times } of region.calls) bill(next, point, times);
  return next;
}

/**
 * Every way to decide the calls that are reached from `branches` and not decided yet. Where there are too many, those that look best when
 * the branches run one after the other: for CPU work that is how the thread and the quota take them anyway.
 */
export function decideAll(host: Host, branches: readonly (readonly Op[])[], state: State): State[] {
  const { effort } = host;
  const place = branches[0]!;
  let open = [state];
  while (!effort.tooMany.has(place)) {
    const undecided = open.map((one) => firstUndecided(host.model, branches, one));
    if (undecided.every((op) => op === undefined)) return open;
    open = open.flatMap((one, i) => {
      const op = undecided[i];
      return op ? host.choices(one, op, true).map((choice) => decide(host, one, op, choice)) : [one];
    });
    if (open.length > (effort.explored > effort.steps ? SPENT.regionLimit : effort.regionLimit)) effort.tooMany.add(place);
  }
  effort.exact = false;
  return oneAfterTheOther(host, branches, [copy(state)]).map(({ decided, members, codeMb, bound }) => ({
    ...copy(state),
    decided,
    members,
    codeMb,
    bound,
  }));
}

function oneAfterTheOther(host: Host, branches: readonly (readonly Op[])[], states: State[]): State[] {
  let current = states;
  for (const branch of branches) {
    for (const op of branch) {
      current = op.op === "parallel" ? oneAfterTheOther(host, op.branches, current) : runSteps(host, [op], current);
    }
  }
  return current;
}

function firstUndecided(model: Model, branches: readonly (readonly Op[])[], state: State): CallOp | undefined {
  const seen = new Set<number>();
  const look = (ops: readonly Op[]): CallOp | undefined => {
    for (const op of ops) {
      if (op.op === "parallel") {
        for (const branch of op.branches) {
          const found = look(branch);
          if (found) return found;
        }
      }
      if (op.op !== "call") continue;
      const choice = decisionFor(state.decided, keyOf(op));
      if (choice === undefined) return op;
      if (choice !== INLINE || seen.has(op.callee)) continue;
      seen.add(op.callee);
      const found = look(model.programs[op.callee]!);
      if (found) return found;
    }
    return undefined;
  };
  for (const branch of branches) {
    const found = look(branch);
    if (found) return found;
  }
  return undefined;
}

/** Whether an asynchronous call that is reached runs inline. */
export function inlinesAsync(model: Model, ops: readonly Op[], state: State): boolean {
  const seen = new Set<number>();
  const look = (steps: readonly Op[]): boolean =>
    steps.some((op) => {
      if (op.op === "parallel") return op.branches.some(look);
      if (op.op !== "call" || decisionFor(state.decided, keyOf(op)) !== INLINE) return false;
      if (op.async) return true;
      if (seen.has(op.callee)) return false;
      seen.add(op.callee);
      return look(model.programs[op.callee]!);
    });
  return look(ops);
}
