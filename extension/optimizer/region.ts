/**
 * Event simulation of a stretch of a function in which several things go on at once: parallel branches, inlined asynchronous calls.
 *
 * One JavaScript thread takes bursts in the order in which they become ready and runs each to its end; worker threads run beside it, up to
 * the visible cores; waits overlap; the quota (law.ts) is shared by all. The critical path is walked back from the end, so its pieces add up
 * to the length exactly.
 */
import type { CpuLaw } from "./law.ts";
import type { Model, Op } from "./model.ts";
import { decisionFor, INLINE, keyOf, type Decided, type FunctionPoint } from "./state.ts";
import { addTime, TIME, type Terms, type TimeKind } from "./terms.ts";

type Kind = "main" | "worker" | "wait" | "fork" | "join";

interface Node {
  kind: Kind;
  amount: number;
  threads: number;
  time: TimeKind;
  next: Node[];
  /** Joins: branches still awaited. */
  open: number;
  callee: FunctionPoint | undefined;
  ready: number;
  end: number;
  /** The node whose end made this one ready. */
  before: Node | undefined;
}

export interface RegionContext {
  model: Model;
  law: CpuLaw;
}

export interface Region {
  start: Node;
  end: Node;
  /** US dollars caused downstream. */
  down: number;
  /** Remote calls made and how often, for their bills' terms. */
  calls: { point: FunctionPoint; times: number }[];
}

export interface Simulated {
  length: number;
  credit: number;
}

/** More repetitions of one call than this are simulated as this many longer ones. */
const MOST_COPIES = 64;
/** vCPU-ms or ms below which rest counts as none. */
const TINY = 1e-12;

/** Every call reached from `branches` must be decided. Inlined asynchronous callees are waited for at the region's end. */
export function buildRegion({ model }: RegionContext, branches: readonly Op[][], decided: Decided | undefined): Region {
  const end = node("join", 0);
  const region: Region = { start: node("fork", 0), end, down: 0, calls: [] };
  const chain = (ops: readonly Op[], next: Node, scale: number): Node => {
    let following = next;
    for (let i = ops.length - 1; i >= 0; i--) following = one(ops[i]!, following, scale);
    return following;
  };
  const one = (op: Op, next: Node, scale: number): Node => {
    if (op.op === "cpu") return then(node(op.main ? "main" : "worker", op.work * scale, TIME.cpu, op.threads), next);
    if (op.op === "wait") return then(node("wait", op.time * scale, TIME.wait), next);
    if (op.op === "parallel") {
      const join = then(node("join", 0), next);
      join.open = op.branches.length;
      const fork = node("fork", 0);
      fork.next = op.branches.map((branch) => chain(branch, join, scale));
      return op.branches.length === 0 ? next : fork;
    }
    const copies = Math.min(MOST_COPIES, Math.max(1, Math.ceil(op.times)));
    const share = (scale * op.times) / copies;
    let following = next;
    for (let i = 0; i < copies; i++) following = call(op, following, share);
    return following;
  };
  const call = (op: Extract<Op, { op: "call" }>, next: Node, scale: number): Node => {
    const choice = decisionFor(decided, keyOf(op))!;
    if (choice === INLINE) {
      if (!op.async) return chain(model.programs[op.callee]!, next, scale);
      end.open++;
      const fork = node("fork", 0);
      fork.next = [next, chain(model.programs[op.callee]!, end, scale)];
      return fork;
    }
    region.down += choice.cost * scale;
    region.calls.push({ point: choice, times: scale });
    const { hop } = op;
    if (op.async) {
      const taken = then(node("main", (hop.cpuMs / 2) * scale, TIME.hopCpu), next);
      const sent = then(
        node("wait", hop.waitMs * scale, TIME.asyncHop),
        then(node("wait", op.payload * scale, TIME.payload), taken),
      );
      return then(node("main", (hop.cpuMs / 2) * scale, TIME.hopCpu), sent);
    }
    // Taking the answer of a synchronous call beside other work counts half as CPU work, before the wait, and half as time: that keeps
    // what the others do independent of when it comes, and is as near to the kernel's quota as bursts on both sides.
    const taken = then(node("wait", (hop.cpuMs / 4) * scale, TIME.hopCpu), next);
    const payload = then(node("wait", op.payload * scale, TIME.payload), taken);
    const accepted = then(node("wait", hop.waitMs * scale, TIME.syncHop), payload);
    const answered = then(node("wait", choice.response * scale, TIME.callee), accepted);
    answered.callee = choice;
    return then(node("main", hop.cpuMs * 0.75 * scale, TIME.hopCpu), answered);
  };
  end.open += branches.length;
  region.start.next = branches.map((branch) => chain(branch, end, 1));
  return region;
}

function node(kind: Kind, amount: number, time: TimeKind = TIME.cpu, threads = 1): Node {
  return { kind, amount, threads, time, next: [], open: 0, callee: undefined, ready: 0, end: 0, before: undefined };
}

function then(first: Node, next: Node): Node {
  first.next.push(next);
  return first;
}

/** Runs a region from `credit`; a region can be run once. Adds the critical path to `terms` when given. */
export function simulate({ law }: RegionContext, region: Region, startCredit: number, terms?: Terms): Simulated {
  let now = 0;
  let credit = startCredit;
  const queue: Node[] = [];
  let head = 0;
  const workers: Node[] = [];
  const waits: Node[] = [];
  let main: Node | undefined;
  const begin = (item: Node, before: Node | undefined): void => {
    item.before = before;
    item.ready = now;
    if (item.kind === "fork") finish(item, before);
    else if (item.kind === "join") {
      if (--item.open <= 0) finish(item, before);
    } else if (item.amount <= TINY) finish(item, before);
    else if (item.kind === "main") queue.push(item);
    else if (item.kind === "worker") workers.push(item);
    else {
      item.end = now + item.amount;
      waits.push(item);
    }
  };
  const finish = (item: Node, cause: Node | undefined): void => {
    item.end = now;
    for (const next of item.next) begin(next, cause);
  };
  begin(region.start, undefined);
  for (;;) {
    if (!main && head < queue.length) main = queue[head++];
    let demand = main ? 1 : 0;
    for (const worker of workers) demand += worker.threads;
    if (demand === 0 && waits.length === 0) break;
    let speed = Math.min(demand, law.cores);
    const throttled = credit <= TINY && speed > law.rate;
    if (throttled) speed = law.rate * law.useful;
    const perThread = demand === 0 ? 0 : speed / demand;
    let step = Infinity;
    if (main) step = main.amount / perThread;
    for (const worker of workers) step = Math.min(step, worker.amount / (perThread * worker.threads));
    for (const wait of waits) step = Math.min(step, wait.end - now);
    // While faster than the quota allows in the long run, credit is used up and none comes back (see law.ts).
    const boosted = speed > law.rate && credit > TINY;
    if (boosted) step = Math.min(step, credit / speed);
    now += step;
    if (boosted) credit = Math.max(0, credit - speed * step);
    else if (!throttled) credit = Math.min(law.quota, credit + Math.max(0, law.rate - speed) * step);
    const done: Node[] = [];
    if (main && (main.amount -= perThread * step) <= TINY) {
      done.push(main);
      main = undefined;
    }
    for (const worker of workers) if ((worker.amount -= perThread * worker.threads * step) <= TINY) done.push(worker);
    for (const wait of waits) if (wait.end - now <= TINY) done.push(wait);
    for (const item of done) {
      if (item.kind === "worker") workers.splice(workers.indexOf(item), 1);
      else if (item.kind === "wait") waits.splice(waits.indexOf(item), 1);
    }
    for (const item of done) finish(item, item);
  }
  if (terms) {
    for (let item = region.end.before; item; item = item.before) {
      addTime(terms, item.time, item.end - item.ready, calleeTerms(item.callee));
    }
  }
  return { length: now, credit };
}

/**
 * Whether CPU work follows an answer while other work goes on: then a slower callee can make the whole faster (a scheduling anomaly), and a
 * search that drops slower callees proves nothing.
 */
export function anomalyProne(
  { model }: RegionContext,
  branches: readonly (readonly Op[])[],
  decided: Decided | undefined,
): boolean {
  const scan = (
    ops: readonly Op[],
    from: { beside: boolean; answered: boolean },
  ): { beside: boolean; answered: boolean; prone: boolean } => {
    let { beside, answered } = from;
    let prone = false;
    for (const op of ops) {
      if (op.op === "wait") continue;
      if (op.op === "cpu") {
        prone ||= answered && op.work > 0;
        continue;
      }
      if (op.op === "parallel") {
        const inside = op.branches.map((branch) => scan(branch, { beside: beside || op.branches.length > 1, answered }));
        prone ||= inside.some((one) => one.prone);
        answered ||= beside && inside.some((one) => one.answered);
        continue;
      }
      const choice = decisionFor(decided, keyOf(op))!;
      if (choice !== INLINE) {
        prone ||= answered;
        answered ||= beside && !op.async;
        continue;
      }
      if (op.async) beside = true;
      const inside = scan(model.programs[op.callee]!, { beside, answered });
      prone ||= inside.prone;
      if (!op.async) ({ beside, answered } = inside);
    }
    return { beside, answered, prone };
  };
  return branches.some((branch) => scan(branch, { beside: branches.length > 1, answered: false }).prone);
}

export function calleeTerms(point: FunctionPoint | undefined): { latency: Terms; total: number } | undefined {
  return point?.terms ? { latency: point.terms, total: point.response } : undefined;
}
