/** All ways worth considering to build each function of an app, found from the leaves of the call graph upwards. */
import { burstTime, cpuLaw, type CpuLaw } from "./law.ts";
import type { CallOp, Model, Op } from "./model.ts";
import { burst, decideAll, inlinesAsync, pause, runRegion, runSteps, type Effort, type Host } from "./run.ts";
import { INLINE, type Choice, type FunctionPoint, type State } from "./state.ts";
import { COLD_COST, COLD_LATENCY, COST_TERMS, BILLED, DOWN, FEES, noTerms, TIME } from "./terms.ts";

/** What a setup says about one function. */
export interface OwnChoice {
  memory: number;
  inline: ReadonlySet<number>;
  inlineAsync: ReadonlySet<number>;
}

export interface SolverOptions {
  effort: Effort;
  /** Functions whose own choices are given; the others are searched. */
  forced: ReadonlyMap<number, OwnChoice>;
  /** For lower bounds (bound.ts). */
  relaxed?: boolean;
  /** With terms, points are slower to make. */
  terms?: boolean;
  /** For recursive calls: what the callee is believed to take. */
  guesses?: ReadonlyMap<number, FunctionPoint>;
  /** A solver of fewer forced functions: answers for what the new one (`added`) does not touch. */
  parent?: Solver;
  added?: number;
}

let pointIds = 0;

export class Solver {
  readonly model: Model;
  /** Roots whose response was needed for their own computation. */
  readonly recursive = new Set<number>();
  readonly #options: SolverOptions;
  readonly #points = new Map<string, FunctionPoint[]>();
  readonly #underWay = new Set<string>();

  constructor(model: Model, options: SolverOptions) {
    this.model = model;
    this.#options = options;
  }

  /** Ways to build the function of `root`, for invocations that are waited for: fastest first, none beaten in time and cost. */
  sync(root: number): FunctionPoint[] {
    return this.#solve(root, false);
  }

  /** The cheapest way for invocations nobody waits for; the faster one of equals. Empty when no memory size fits. */
  async(root: number): FunctionPoint[] {
    const points = this.#solve(root, true);
    let best = points[0];
    for (const point of points) if (point.cost < best!.cost) best = point;
    return best ? [best] : [];
  }

  #solve(root: number, asyncInvoked: boolean): FunctionPoint[] {
    const { parent, added } = this.#options;
    if (parent && added !== undefined && root !== added && !this.model.reach[root]!.has(added)) {
      return asyncInvoked ? parent.async(root) : parent.sync(root);
    }
    const key = `${root} ${asyncInvoked}`;
    const known = this.#points.get(key);
    if (known) return known;
    if (this.#underWay.has(key)) {
      this.recursive.add(root);
      return [this.#options.guesses?.get(root) ?? nothing(root)];
    }
    this.#underWay.add(key);
    const own = this.#options.forced.get(root);
    const sizes = own ? [own.memory] : sizesFor(this.model, [root]);
    const points = front(sizes.flatMap((memory) => this.#atSize(root, memory, asyncInvoked, own)));
    this.#underWay.delete(key);
    this.#points.set(key, points);
    return points;
  }

  #atSize(root: number, memory: number, asyncInvoked: boolean, own: OwnChoice | undefined): FunctionPoint[] {
    const { model } = this;
    const { effort, terms } = this.#options;
    const law = cpuLaw(memory, model.profile.platform);
    const price = model.price * memory;
    let asyncInline = false;
    const host: Host = {
      model,
      law,
      root,
      price,
      effort,
      repeated: own ? new Set() : repeatedKeys(model, root),
      choices: (state, op, overlapping) => {
        const allowInline = !op.async || asyncInline;
        if (own) {
          const listed = (op.async ? own.inlineAsync : own.inline).has(op.callee);
          const gated = op.async && !asyncInvoked && !model.lossTolerated[op.callee];
          return listed && !gated && !op.remoteOnly && allowInline ? [INLINE] : this.#remote(op, price, true);
        }
        const inline = allowInline && this.#mayInline(state, op, memory, asyncInvoked, overlapping, root);
        const remote = op.inlineOnly ? [] : this.#remote(op, price, overlapping);
        return inline ? [INLINE, ...remote] : remote;
      },
    };
    const begin = (): State => ({
      t: 0,
      credit: law.quota,
      down: 0,
      decided: undefined,
      members: [],
      codeMb: model.codeMb[root]!,
      bound: "",
      terms: terms ? noTerms() : undefined,
      tail: 0,
      work: 0,
    });
    const program = model.programs[root]!;
    let done: State[] = [];
    if (this.#options.relaxed) {
      host.relaxed = { overlapping: false };
      done = runSteps(host, program, [begin()]);
      if (mayInlineAsync(model, root, asyncInvoked, own)) {
        asyncInline = true;
        done.push(...runSteps({ ...host, relaxed: { overlapping: true } }, program, [begin()]));
      }
      for (const state of done) {
        state.t = Math.max(state.t, state.tail, (state.work - law.quota) / Math.min(law.rate, law.cores));
        if (asyncInline) state.credit = law.quota;
      }
    } else if (mayInlineAsync(model, root, asyncInvoked, own)) {
      asyncInline = true;
      done = decideAll(host, [program], begin())
        .filter((state) => inlinesAsync(model, program, state))
        .map((state) => runRegion(host, [program], state));
      asyncInline = false;
    }
    if (!this.#options.relaxed && (!own || done.length === 0)) done.push(...runSteps(host, program, [begin()]));
    const { handler } = model.profile.platform;
    return done.map((state) => {
      if (handler) {
        burst(host, state, handler.cpuMs, 1, TIME.hopCpu);
        pause(host, state, handler.waitMs, TIME.asyncHop);
      }
      return finish(host, state, memory, law);
    });
  }

  /** Ways to call a function remotely that a caller at this price of waiting may want; waiting that overlaps may cost nothing. */
  #remote(op: CallOp, price: number, overlapping: boolean): Choice[] {
    if (op.async) return this.async(op.callee);
    const points = this.sync(op.callee);
    if (overlapping) return points;
    let best = Infinity;
    return points.filter((point) => {
      const value = point.cost + price * point.response;
      if (value >= best) return false;
      best = value;
      return true;
    });
  }

  #mayInline(state: State, op: CallOp, memory: number, asyncInvoked: boolean, overlapping: boolean, root: number): boolean {
    const { model } = this;
    const { callee } = op;
    if (op.remoteOnly || callee === root) return false;
    if (memory < model.floor[callee]!) return false;
    if (op.async && !asyncInvoked && !model.lossTolerated[callee]) return false;
    if (overlapping && model.exclusive[callee]) return false;
    return !model.apart[callee]!.some((other) => other === root || state.members.includes(other));
  }
}

function nothing(root: number): FunctionPoint {
  return {
    id: ++pointIds,
    root,
    memory: 0,
    duration: 0,
    response: 0,
    cost: 0,
    decided: undefined,
    members: [],
    terms: noTerms(),
  };
}

/** Sizes that constraints and floors of all the tasks allow. */
export function sizesFor(model: Model, tasks: readonly number[]): number[] {
  const floor = Math.max(...tasks.map((task) => model.floor[task]!));
  const ceiling = model.ceiling[tasks[0]!]!;
  return model.profile.memorySizes.filter((size) => size >= floor && size <= ceiling);
}

function mayInlineAsync(model: Model, root: number, asyncInvoked: boolean, own: OwnChoice | undefined): boolean {
  if (own) return own.inlineAsync.size > 0;
  const reached = [root, ...model.reach[root]!];
  return reached.some((task) =>
    calls(model.programs[task]!).some((op) => op.async && (asyncInvoked || model.lossTolerated[op.callee])),
  );
}

export function calls(ops: readonly Op[]): CallOp[] {
  return ops.flatMap((op) => (op.op === "call" ? [op] : op.op === "parallel" ? op.branches.flatMap(calls) : []));
}

const repeatedCache = new WeakMap<Model, Map<number, Set<number>>>();

/** Keys of calls that may come more than once in an invocation of `root` when everything is inlined. */
function repeatedKeys(model: Model, root: number): Set<number> {
  let cache = repeatedCache.get(model);
  if (!cache) repeatedCache.set(model, (cache = new Map()));
  const known = cache.get(root);
  if (known) return known;
  const visits = new Map<number, number>();
  const sites = new Map<number, number>();
  const visit = (task: number, often: number): void => {
    const before = visits.get(task) ?? 0;
    if (before >= 2) return;
    visits.set(task, Math.min(2, before + often));
    for (const op of calls(model.programs[task]!)) {
      const key = op.callee * 2 + (op.async ? 1 : 0);
      const times = op.times > 1 ? 2 : often;
      sites.set(key, Math.min(2, (sites.get(key) ?? 0) + times));
      if (!op.remoteOnly) visit(op.callee, times);
    }
  };
  visit(root, 1);
  const keys = new Set([...sites].filter(([, count]) => count >= 2).map(([key]) => key));
  cache.set(root, keys);
  return keys;
}

function finish(host: Host, state: State, memory: number, law: CpuLaw): FunctionPoint {
  const { model } = host;
  const { platform, prices } = model.profile;
  const init = platform.init.waitMs + platform.init.perMbCode * state.codeMb + burstTime(law, platform.init.cpuMs);
  const cold = model.coldShare * init;
  const rounding = (platform.billingStepMs ?? 0) / 2;
  const point: FunctionPoint = {
    id: ++pointIds,
    root: host.root,
    memory,
    duration: state.t,
    response: state.t + cold,
    cost: prices.perRequest + host.price * (state.t + rounding + cold) + state.down,
    decided: state.decided,
    members: state.members,
  };
  if (state.terms) {
    const terms = state.terms;
    terms[COLD_LATENCY]! += cold;
    for (let i = 0; i < COST_TERMS.length; i++) terms[DOWN + i]! += host.price * terms[BILLED + i]!;
    terms[DOWN]! += host.price * rounding;
    terms[DOWN + FEES]! += prices.perRequest;
    terms[DOWN + COLD_COST]! += host.price * cold;
    point.terms = terms;
  }
  return point;
}

/** Points that no other beats in response and cost, fastest first; of equals the first. */
export function front<T extends { response: number; cost: number }>(points: T[]): T[] {
  const sorted = [...points].sort((a, b) => a.response - b.response || a.cost - b.cost);
  let best = Infinity;
  return sorted.filter(({ cost }) => {
    if (cost >= best) return false;
    best = cost;
    return true;
  });
}
