/** A setup seen function by function: how often each runs per root request, for how long, who waits for whom. */
import type { FusionSetup } from "../core/setup.ts";
import { entryPoints, remoteCalls } from "./evaluate.ts";
import { modelOf, type Model } from "./model.ts";
import type { ApplicationProfile } from "./profile.ts";
import type { FunctionPoint } from "./state.ts";

export interface FunctionView {
  root: string;
  /** MB. */
  memory: number;
  /** Per root request. */
  invocations: number;
  /** ms, mean of its invocations. */
  duration: number;
  /** US dollars per root request: its own time and fees, what it causes left out. */
  ownCost: number;
  /** A client or a synchronous caller waits for it. */
  awaited: boolean;
  /** Root first. */
  tasks: string[];
}

export interface WaitView {
  /** Function that waits. */
  from: string;
  to: string;
  /** ms per root request, hop included. */
  waited: number;
  /** US dollars per root request, for the caller's time alone. */
  paid: number;
}

export interface AppView {
  functions: FunctionView[];
  waits: WaitView[];
}

export function viewOf(profile: ApplicationProfile, setup: FusionSetup): AppView {
  const model = modelOf(profile);
  const functions = new Map<number, FunctionView>();
  const waits = new Map<string, WaitView>();
  const visit = (point: FunctionPoint, times: number, awaited: boolean): void => {
    if (point.memory === 0 || times < 1e-9) return;
    const calls = remoteCalls(model, point);
    const downstream = calls.reduce((sum, call) => sum + call.runs * call.choice.cost, 0);
    note(model, functions, point, times, awaited, downstream);
    for (const { choice, async, runs } of calls) {
      if (!async) addWait(model, waits, point, choice, times * runs, profile);
      visit(choice, times * runs, !async);
    }
  };
  for (const { point, weight } of entryPoints(model, setup)) visit(point, weight, true);
  return { functions: [...functions.values()], waits: [...waits.values()].sort((a, b) => b.paid - a.paid) };
}

function note(
  model: Model,
  functions: Map<number, FunctionView>,
  point: FunctionPoint,
  times: number,
  awaited: boolean,
  downstream: number,
): void {
  const known = functions.get(point.root);
  const ownCost = (point.cost - downstream) * times;
  if (!known) {
    functions.set(point.root, {
      root: model.names[point.root]!,
      memory: point.memory,
      invocations: times,
      duration: point.duration,
      ownCost,
      awaited,
      tasks: [point.root, ...point.members].map((task) => model.names[task]!),
    });
    return;
  }
  const invocations = known.invocations + times;
  known.duration = (known.duration * known.invocations + point.duration * times) / invocations;
  known.invocations = invocations;
  known.ownCost += ownCost;
  known.awaited ||= awaited;
  known.tasks = [...new Set([...known.tasks, ...point.members.map((task) => model.names[task]!)])];
}

function addWait(
  model: Model,
  waits: Map<string, WaitView>,
  from: FunctionPoint,
  to: FunctionPoint,
  times: number,
  { platform }: ApplicationProfile,
): void {
  const key = `${from.root} ${to.root}`;
  const wait = waits.get(key) ?? { from: model.names[from.root]!, to: model.names[to.root]!, waited: 0, paid: 0 };
  const waited = times * (to.response + platform.sync.waitMs);
  wait.waited += waited;
  wait.paid += waited * from.memory * model.price;
  waits.set(key, wait);
}
