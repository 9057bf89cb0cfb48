/** A profile made ready for computing: tasks as numbers, programs with everything looked up, rules that follow from constraints. */
import type { ApplicationProfile, HopProfile, Step } from "./profile.ts";

export interface CallOp {
  op: "call";
  callee: number;
  async: boolean;
  times: number;
  /** ms that the payload adds to a remote call. */
  payload: number;
  /** What making the call remotely costs. */
  hop: HopProfile;
  /** The callee calls back into the caller (recursion), so that inlining it would never end. */
  remoteOnly: boolean;
  /** The payload is over the platform's limit for a remote call. */
  inlineOnly: boolean;
}

export type Op =
  | { op: "cpu"; work: number; threads: number; main: boolean }
  | { op: "wait"; time: number }
  | CallOp
  | { op: "parallel"; branches: Op[][] };

export interface Model {
  profile: ApplicationProfile;
  names: string[];
  index: Map<string, number>;
  programs: Op[][];
  /** MB that a function needs to hold the task: its floor and `constraints.memory.min`. */
  floor: number[];
  /** MB, `constraints.memory.max`. */
  ceiling: number[];
  codeMb: number[];
  /** Per task: tasks that may not share a function with it. */
  apart: number[][];
  exclusive: boolean[];
  lossTolerated: boolean[];
  /** US dollars per MB and ms. */
  price: number;
  coldShare: number;
  entries: { task: number; weight: number }[];
  /** Tasks that a task can reach by calls, itself only by recursion. */
  reach: Set<number>[];
}

/** Bytes that a remote call can carry: 6 MB of input and of result for synchronous calls, 1 MB for asynchronous ones. */
const PAYLOAD_LIMIT = { sync: 6_291_456, async: 1_048_576 };
const MB_PER_GB = 1024;

const models = new WeakMap<ApplicationProfile, Model>();

/** The profile must have been checked by `parseProfile`, or be built by `profileFrom`; it must not be changed afterwards. */
export function modelOf(profile: ApplicationProfile): Model {
  let model = models.get(profile);
  if (!model) models.set(profile, (model = build(profile)));
  return model;
}

function build(profile: ApplicationProfile): Model {
  const names = Object.keys(profile.tasks);
  const index = new Map(names.map((name, i) => [name, i]));
  const of = (name: string) => index.get(name) ?? -1;
  const reach = reachability(profile, names, of);
  const { constraints, platform } = profile;
  const compile = (steps: Step[], caller: number): Op[] =>
    steps.map((step): Op => {
      if ("cpu" in step) return { op: "cpu", work: step.cpu, threads: step.threads ?? 1, main: step.threads === undefined };
      if ("wait" in step) return { op: "wait", time: step.wait };
      if ("parallel" in step) return { op: "parallel", branches: step.parallel.map((branch) => compile(branch, caller)) };
      const callee = of(step.call);
      const bytes = step.bytes ?? 0;
      const async = step.async ?? false;
      return {
        op: "call",
        callee,
        async,
        times: step.times ?? 1,
        payload: (bytes / 1e6) * (platform.payloadMsPerMb ?? 0),
        hop: hopOf(async ? platform.async : platform.sync, step.hopCpu),
        remoteOnly: callee === caller || reach[callee]!.has(caller),
        inlineOnly: bytes > PAYLOAD_LIMIT[async ? "async" : "sync"],
      };
    });
  const apart: number[][] = names.map(() => []);
  for (const group of constraints.apart ?? []) {
    for (const a of group) for (const b of group) if (a !== b && index.has(a) && index.has(b)) apart[of(a)]!.push(of(b));
  }
  const marked = (list: string[] | undefined) => names.map((name) => list?.includes(name) ?? false);
  return {
    profile,
    names,
    index,
    programs: names.map((name, i) => compile(profile.tasks[name]!.program, i)),
    floor: names.map((name) => Math.max(profile.tasks[name]!.memoryFloor ?? 0, constraints.memory?.[name]?.min ?? 0)),
    ceiling: names.map((name) => constraints.memory?.[name]?.max ?? Infinity),
    codeMb: names.map((name) => profile.tasks[name]!.codeMb ?? 0),
    apart,
    exclusive: marked(constraints.exclusive),
    lossTolerated: marked(constraints.lossTolerated),
    price: profile.prices.perGbMs / MB_PER_GB,
    coldShare: platform.coldShare ?? 0,
    entries: entryShares(profile, of),
    reach,
  };
}

function hopOf(usual: HopProfile, cpuMs: number | undefined): HopProfile {
  return cpuMs === undefined ? usual : { ...usual, cpuMs };
}

/** Shares of root requests, adding up to 1. */
function entryShares(profile: ApplicationProfile, of: (name: string) => number): Model["entries"] {
  const used = profile.entries.filter((entry) => entry.weight > 0);
  const total = used.reduce((sum, entry) => sum + entry.weight, 0);
  return used.map((entry) => ({ task: of(entry.task), weight: entry.weight / total }));
}

function reachability(profile: ApplicationProfile, names: string[], of: (name: string) => number): Set<number>[] {
  const direct = names.map((name) => {
    const callees = new Set<number>();
    visitCalls(profile.tasks[name]!.program, (call) => callees.add(of(call.call)));
    return callees;
  });
  return names.map((_, start) => {
    const seen = new Set<number>();
    const open = [...direct[start]!];
    while (open.length > 0) {
      const next = open.pop()!;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...direct[next]!);
    }
    return seen;
  });
}

type CallStep = Extract<Step, { call: string }>;

/** Every call of a program, in order, those in parallel branches included. */
export function visitCalls(steps: Step[], visit: (call: CallStep) => void): void {
  for (const step of steps) {
    if ("call" in step) visit(step);
    else if ("parallel" in step) for (const branch of step.parallel) visitCalls(branch, visit);
  }
}
