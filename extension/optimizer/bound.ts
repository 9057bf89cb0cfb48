/**
 * A front that no setup can lie below, for apps too large or too entangled for an exact search.
 *
 * Everything is let loose that makes the problem hard: CPU bursts run at full speed, branches do not disturb each other, every caller may build
 * its callees as it likes, decisions need not agree. What is kept is how much CPU work a function does in all, at the rate that its memory buys.
 */
import { burstTime, cpuLaw, type CpuLaw } from "./law.ts";
import type { CallOp, Model, Op } from "./model.ts";
import { front, sizesFor } from "./solver.ts";

export interface BoundPoint {
  /** ms. */
  response: number;
  /** US dollars per invocation. */
  cost: number;
}

/** Least time on the critical path (ms), least bill downstream (US dollars), least CPU work (vCPU-ms), all of one choice. */
interface Least {
  t: number;
  down: number;
  work: number;
}

/** Kept at one place; more are merged to something no worse than any of them. */
const MOST = 24;
const NOTHING: Least = { t: 0, down: 0, work: 0 };

export function lowerBound(model: Model): BoundPoint[] {
  const bound = new Bound(model);
  let mixed: BoundPoint[] = [{ response: 0, cost: 0 }];
  for (const { task, weight } of model.entries) {
    mixed = front(
      mixed.flatMap((one) =>
        bound.sync(task).map((way) => ({ response: one.response + weight * way.response, cost: one.cost + weight * way.cost })),
      ),
    );
  }
  return mixed;
}

class Bound {
  readonly #model: Model;
  readonly #functions = new Map<number, BoundPoint[]>();
  readonly #inlined = new Map<string, Least[]>();
  readonly #underWay = new Set<number>();

  constructor(model: Model) {
    this.#model = model;
  }

  /** Asynchronous invocations cost no less than this either: they are not told apart. */
  sync(root: number): BoundPoint[] {
    const known = this.#functions.get(root);
    if (known) return known;
    const { prices } = this.#model.profile;
    if (this.#underWay.has(root)) return [{ response: 0, cost: prices.perRequest }];
    this.#underWay.add(root);
    const points = front(sizesFor(this.#model, [root]).flatMap((memory) => this.#atSize(root, memory)));
    this.#underWay.delete(root);
    this.#functions.set(root, points);
    return points;
  }

  #atSize(root: number, memory: number): BoundPoint[] {
    const model = this.#model;
    const { platform, prices } = model.profile;
    const law = cpuLaw(memory, platform);
    const price = model.price * memory;
    const init = platform.init.waitMs + platform.init.perMbCode * model.codeMb[root]! + burstTime(law, platform.init.cpuMs);
    const handler = platform.handler ?? { cpuMs: 0, waitMs: 0 };
    const start: Least = { t: handler.cpuMs + handler.waitMs, down: 0, work: handler.cpuMs };
    return plus([start], this.#program(model.programs[root]!, memory, law)).map(({ t, down, work }) => {
      const duration = Math.max(t, (work - law.quota) / Math.min(law.rate, law.cores));
      const cold = model.coldShare * init;
      const rounding = (platform.billingStepMs ?? 0) / 2;
      return { response: duration + cold, cost: prices.perRequest + price * (duration + rounding + cold) + down };
    });
  }

  #program(ops: readonly Op[], memory: number, law: CpuLaw): Least[] {
    let sum: Least[] = [NOTHING];
    for (const op of ops) sum = plus(sum, this.#op(op, memory, law));
    return sum;
  }

  #op(op: Op, memory: number, law: CpuLaw): Least[] {
    if (op.op === "cpu") return [{ t: op.work / Math.min(op.threads, law.cores), down: 0, work: op.work }];
    if (op.op === "wait") return [{ t: op.time, down: 0, work: 0 }];
    if (op.op === "parallel") {
      let both: Least[] = [NOTHING];
      for (const branch of op.branches) both = beside(both, this.#program(branch, memory, law));
      return both;
    }
    return scaled(this.#call(op, memory, law), op.times);
  }

  #call(op: CallOp, memory: number, law: CpuLaw): Least[] {
    const model = this.#model;
    const { sync, async } = model.profile.platform;
    const choices: Least[] = [];
    if (!op.inlineOnly) {
      const hop = op.async ? async : sync;
      for (const { response, cost } of this.sync(op.callee)) {
        const t = hop.cpuMs + hop.waitMs + op.payload + (op.async ? 0 : response);
        choices.push({ t, down: cost, work: hop.cpuMs });
      }
    }
    if (!op.remoteOnly && memory >= model.floor[op.callee]!) {
      const key = `${op.callee} ${memory}`;
      let inside = this.#inlined.get(key);
      if (!inside) this.#inlined.set(key, (inside = this.#program(model.programs[op.callee]!, memory, law)));
      choices.push(...(op.async ? inside.map((one) => ({ ...one, t: 0 })) : inside));
    }
    return pruned(choices);
  }
}

function plus(a: Least[], b: Least[]): Least[] {
  if (b.length === 1 && a.length === 1) return [{ t: a[0]!.t + b[0]!.t, down: a[0]!.down + b[0]!.down, work: a[0]!.work + b[0]!.work }];
  return pruned(a.flatMap((x) => b.map((y) => ({ t: x.t + y.t, down: x.down + y.down, work: x.work + y.work }))));
}

function beside(a: Least[], b: Least[]): Least[] {
  return pruned(a.flatMap((x) => b.map((y) => ({ t: Math.max(x.t, y.t), down: x.down + y.down, work: x.work + y.work }))));
}

function scaled(choices: Least[], times: number): Least[] {
  return times === 1 ? choices : choices.map(({ t, down, work }) => ({ t: t * times, down: down * times, work: work * times }));
}

function pruned(choices: Least[]): Least[] {
  const sorted = [...choices].sort((a, b) => a.t - b.t || a.down - b.down || a.work - b.work);
  const kept: Least[] = [];
  for (const one of sorted) if (!kept.some((other) => other.down <= one.down && other.work <= one.work)) kept.push(one);
  if (kept.length <= MOST) return kept;
  const merged: Least[] = [];
  const width = kept.length / MOST;
  for (let i = 0; i < MOST; i++) {
    const part = kept.slice(Math.floor(i * width), Math.floor((i + 1) * width));
    merged.push({
      t: Math.min(...part.map(({ t }) => t)),
      down: Math.min(...part.map(({ down }) => down)),
      work: Math.min(...part.map(({ work }) => work)),
    });
  }
  return merged;
}
