/**
 * Calls and branches with everything let loose that makes the problem hard: decisions need not agree, branches do not disturb each other.
 * What comes out is never later, never dearer than anything a real setup does.
 */
import { rest, type CpuLaw } from "./law.ts";
import type { CallOp, Op } from "./model.ts";
import { prune } from "./prune.ts";
import { bill, repeat, runSteps, type Host } from "./run.ts";
import { copy, INLINE, type Choice, type State } from "./state.ts";

export function relaxedCall(host: Host, op: CallOp, state: State): State[] {
  if (op.times <= 0) return [state];
  host.effort.explored++;
  const beside = host.relaxed!.overlapping;
  return host.choices(state, op, beside).flatMap((choice) => {
    if (choice === INLINE && op.async) return [inBackground(host, op, state)];
    // Beside other work, calls that are not made just once are simulated in shares of bursts, which are throttled less.
    if (!beside || (op.times === 1 && choice === INLINE)) return repeat(host, op, state, choice);
    return unthrottled(host, op, state, choice);
  });
}

/** At full speed, the quota left as it was. */
function unthrottled(host: Host, op: CallOp, state: State, choice: Choice): State[] {
  if (choice !== INLINE) {
    const { hop } = op;
    const next = copy(state);
    rest(host.law, next, op.times * (hop.cpuMs + hop.waitMs + op.payload + (op.async ? 0 : choice.response)));
    next.credit = host.law.quota;
    next.work += op.times * (op.async ? hop.cpuMs : hop.cpuMs * 0.75);
    bill(next, choice, op.times);
    return [next];
  }
  const free: CpuLaw = { rate: Infinity, quota: Infinity, cores: host.law.cores, useful: 1 };
  const entered = { ...copy(state), credit: Infinity };
  return repeat({ ...host, law: free }, { ...op, times: 1 }, entered, choice).map((after) => ({
    ...after,
    t: state.t + (after.t - state.t) * op.times,
    down: state.down + (after.down - state.down) * op.times,
    work: state.work + (after.work - state.work) * op.times,
    tail: state.tail,
    credit: host.law.quota,
  }));
}

/** An inlined asynchronous call: its caller goes on at once. Its length and its work are the least that any of its choices takes. */
function inBackground(host: Host, op: CallOp, state: State): State {
  const free: CpuLaw = { rate: Infinity, quota: Infinity, cores: host.law.cores, useful: 1 };
  const entered: State = { ...copy(state), t: 0, down: 0, work: 0, tail: 0, credit: Infinity };
  const ends = runSteps({ ...host, law: free }, host.model.programs[op.callee]!, [entered]);
  const least = (value: (end: State) => number) => Math.min(...ends.map(value));
  const next = copy(state);
  next.tail = Math.max(next.tail, op.times >= 1 ? state.t + least((end) => Math.max(end.t, end.tail)) : 0);
  next.down += op.times * least((end) => end.down);
  next.work += op.times * least((end) => end.work);
  return next;
}

export function relaxedParallel(host: Host, branches: readonly (readonly Op[])[], state: State): State[] {
  const inside: Host = { ...host, relaxed: { overlapping: true } };
  let joined: State[] = [copy(state)];
  for (const branch of branches) {
    const ends = runSteps(inside, branch, [{ ...copy(state), credit: host.law.quota }]);
    joined = prune(
      host,
      joined.flatMap((so) =>
        ends.map((end) => ({
          ...so,
          t: Math.max(so.t, end.t),
          tail: Math.max(so.tail, end.tail),
          down: so.down + end.down - state.down,
          work: so.work + end.work - state.work,
          credit: host.law.quota,
        })),
      ),
    );
  }
  return joined;
}
