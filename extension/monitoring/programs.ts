/** Runs of one task -> its program: what it does itself, what it calls, in order, on average. */
import type { Step } from "../optimizer/profile.ts";
import { runBurst } from "../optimizer/law.ts";
import { HOP_CUT } from "./hops.ts";
import { waitOf, type Observed } from "./waiting.ts";
import { mean, trimmedMean } from "./statistics.ts";
import { workersOf, workOf, type CallGroup, type Stretch, type TaskRun } from "./task-runs.ts";

/** vCPU-ms and ms below which a step is left out: finer than the readings are. */
const LEAST = 0.02;
/** Different orders of calls that are merged; rarer ones only add to the counts. */
const MOST_ORDERS = 50;
/**
 * Share of a stretch's CPU before its wait. Not in the records; a request to a database is made up, signed and encrypted before it waits,
 * and its answer parsed after.
 */
const SENDING = 0.75;
/** Groups of calls, and share of a lone call's CPU, from which calls made together are said to share it. */
const SHARED_LEAST = 5;
const SHARED_BELOW = 0.9;
/** vCPU-ms and share of a stretch up to which other threads' CPU is taken for the runtime's own (garbage collection, I/O), not for workers. */
const RUNTIME_THREADS = { cpu: 5, share: 0.3 };

export interface ProgramOptions {
  /** vCPU-ms of one remote call, by kind: what a stretch of remote calls used beyond it is the task's own work. */
  hopCpu: { sync: number; async: number };
  /** Worker threads that the task uses. */
  threads: number;
}

/** What one position of the program holds: a group of calls with the same callees, repeated or not. */
interface Position {
  token: string;
  /** Per run that has it: its groups here (several when a loop repeats them). */
  groups: CallGroup[][];
}

/** `runs`: at least one, all of the same task. */
export function programOf(runs: readonly TaskRun[], options: ProgramOptions): Step[] {
  const sequences = runs.map((run) => collapse(run));
  const order = mergedOrder(sequences.map((sequence) => sequence.map(({ token }) => token)));
  const positions: Position[] = order.map((token) => ({ token, groups: [] }));
  const own: OwnStretch[][] = Array.from({ length: order.length + 1 }, () => []);
  for (const [i, run] of runs.entries()) {
    const placed = place(sequences[i]!, order);
    const stretches = new Map<number, Stretch>();
    let group = 0;
    for (const { position, groups } of placed) {
      positions[position]!.groups.push(groups);
      for (const _ of groups) addStretch(stretches, position, run.own[group++]!);
    }
    addStretch(stretches, order.length, run.own[group]!);
    for (const [position, list] of own.entries()) {
      const { law, slowdown } = run;
      list.push({ ...(stretches.get(position) ?? { cpu: 0, workers: 0, wall: 0, credit: law.quota }), law, slowdown });
    }
  }
  return [
    ...positions.flatMap((position, i) => [...ownSteps(own[i]!, options), ...callSteps(position, runs.length, options)]),
    ...ownSteps(own[order.length]!, options),
  ];
}

function addStretch(stretches: Map<number, Stretch>, position: number, more: Stretch): void {
  const sum = stretches.get(position) ?? { cpu: 0, workers: 0, wall: 0, credit: more.credit };
  stretches.set(position, {
    cpu: sum.cpu + more.cpu,
    workers: sum.workers + more.workers,
    wall: sum.wall + more.wall,
    credit: sum.credit,
    useful: sum.cpu + more.cpu > 0 ? (workOf(sum) + workOf(more)) / (sum.cpu + more.cpu) : 1,
  });
}

type OwnStretch = Stretch & Observed;

interface Placed {
  token: string;
  groups: CallGroup[];
}

function tokenOf({ spans }: CallGroup): string {
  return JSON.stringify([...new Set(spans.map((span) => `${span.kind} ${span.task}`))].sort());
}

/** Groups with the same callees that follow each other are one loop. */
function collapse(run: TaskRun): Placed[] {
  const sequence: Placed[] = [];
  for (const group of run.groups) {
    const token = tokenOf(group);
    const last = sequence.at(-1);
    if (last?.token === token) last.groups.push(group);
    else sequence.push({ token, groups: [group] });
  }
  return sequence;
}

/** One order that holds every order seen: the most frequent first, what others have besides is put in where it stood. */
function mergedOrder(sequences: readonly string[][]): string[] {
  const counts = new Map<string, { tokens: string[]; count: number }>();
  for (const tokens of sequences) {
    const key = tokens.join("\n");
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { tokens, count: 1 });
  }
  const frequent = [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MOST_ORDERS);
  let order: string[] = [];
  for (const { tokens } of frequent) order = supersequence(order, tokens);
  return order;
}

/** Shortest sequence that holds both, by their longest common subsequence. */
function supersequence(a: readonly string[], b: readonly string[]): string[] {
  const length: number[][] = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const merged: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      merged.push(a[i]!);
      i++;
      j++;
    } else if (length[i + 1]![j]! >= length[i]![j + 1]!) merged.push(a[i++]!);
    else merged.push(b[j++]!);
  }
  return [...merged, ...a.slice(i), ...b.slice(j)];
}

/** Positions of a run's groups in the order; groups of rare orders that fit nowhere later go where their callees stand first. */
function place(sequence: Placed[], order: readonly string[]): { position: number; groups: CallGroup[] }[] {
  let from = 0;
  return sequence.flatMap(({ token, groups }) => {
    let position = order.indexOf(token, from);
    if (position < 0) position = order.indexOf(token);
    if (position < 0) return [];
    from = Math.max(from, position + 1);
    return [{ position, groups }];
  });
}

function ownSteps(stretches: readonly OwnStretch[], { threads }: ProgramOptions): Step[] {
  const all = trimmedMean(stretches.map(workOf));
  const beside = trimmedMean(stretches.map(workersOf));
  const workers = areWorkers(beside, all) ? beside : 0;
  const cpu = all - workers;
  if (workers === 0) {
    const wait = waitOf(stretches, SENDING, 0);
    if (wait <= LEAST) return cpu > LEAST ? [{ cpu: round(cpu) }] : [];
    if (cpu <= LEAST) return [{ wait: round(wait) }];
    return [{ cpu: round(cpu * SENDING) }, { wait: round(wait) }, { cpu: round(cpu * (1 - SENDING)) }];
  }
  const wait = waitBesideWorkers(stretches, threads);
  return [
    ...(cpu > LEAST ? [{ cpu: round(cpu) }] : []),
    ...(workers > LEAST ? [{ cpu: round(workers), threads }] : []),
    ...(wait > LEAST ? [{ wait: round(wait) }] : []),
  ];
}

/** Workers run beside each other where there is more than one vCPU. */
function waitBesideWorkers(stretches: readonly OwnStretch[], threads: number): number {
  const waits = stretches.map(({ cpu, workers, wall, credit, law, slowdown }) => {
    const clock = { t: 0, credit };
    runBurst(law, clock, cpu - workers, 1);
    runBurst(law, clock, workers, threads);
    return wall - clock.t * slowdown;
  });
  return Math.max(0, trimmedMean(waits));
}

/** Whether CPU beside the main thread is that of worker threads. */
export function areWorkers(workers: number, cpu: number): boolean {
  return workers > RUNTIME_THREADS.cpu && workers > RUNTIME_THREADS.share * cpu;
}

function callSteps({ groups }: Position, runs: number, { hopCpu, threads }: ProgramOptions): Step[] {
  const all = groups.flat();
  const repeats = all.length / runs;
  const callees = new Map<string, { task: string; async: boolean; count: number; bytes: number[] }>();
  for (const { spans } of all) {
    for (const span of spans) {
      const key = `${span.kind} ${span.task}`;
      const callee = callees.get(key) ?? { task: span.task, async: span.kind === "async", count: 0, bytes: [] };
      callees.set(key, callee);
      callee.count++;
      callee.bytes.push(span.in + span.out);
    }
  }
  const branches: Step[][] = [];
  const shared = sharedHopCpu(all, hopCpu);
  for (const { task, async, count, bytes } of callees.values()) {
    const perGroup = count / all.length;
    const width = Math.max(1, Math.round(perGroup));
    const times = round((repeats * perGroup) / width);
    const size = Math.round(mean(bytes));
    const step: Step = {
      call: task,
      ...(async && { async }),
      ...(times !== 1 && { times }),
      ...(size > 0 && { bytes: size }),
      ...(shared !== undefined && { hopCpu: round(shared) }),
    };
    for (let i = 0; i < width; i++) branches.push([step]);
  }
  const beside = ownWorkBeside(all, hopCpu);
  if (beside.main > LEAST) branches.push([{ cpu: round(beside.main * repeats) }]);
  if (beside.workers > LEAST) branches.push([{ cpu: round(beside.workers * repeats), threads }]);
  return branches.length === 1 ? branches[0]! : [{ parallel: branches }];
}

/** Calls made together share what a call costs the caller: vCPU-ms of each, where it is noticeably less than alone. */
function sharedHopCpu(groups: readonly CallGroup[], hopCpu: ProgramOptions["hopCpu"]): number | undefined {
  const together = groups.filter(({ spans }) => spans.length > 1 && spans.every((span) => span.mode === "remote"));
  if (together.length < Math.max(SHARED_LEAST, groups.length / 4)) return undefined;
  const each = trimmedMean(
    together.map(({ spans, stretch }) => workOf(stretch) / spans.length),
    HOP_CUT,
  );
  const alone = mean(together.map(({ spans }) => mean(spans.map((span) => hopCpu[span.kind === "async" ? "async" : "sync"]))));
  return each < alone * SHARED_BELOW ? each : undefined;
}

/** Own work while remote calls were under way: what they used beyond their usual share, when it is too much for chance. */
function ownWorkBeside(groups: readonly CallGroup[], hopCpu: ProgramOptions["hopCpu"]): { main: number; workers: number } {
  const remote = groups.filter(({ spans }) => spans.every((span) => span.mode === "remote"));
  if (remote.length < groups.length / 2 || remote.length === 0) return { main: 0, workers: 0 };
  const hops = mean(
    remote.map(({ spans }) => spans.reduce((sum, span) => sum + hopCpu[span.kind === "async" ? "async" : "sync"], 0)),
  );
  const workers = trimmedMean(remote.map(({ stretch }) => workersOf(stretch)));
  const main = trimmedMean(remote.map(({ stretch }) => workOf(stretch) - workersOf(stretch))) - hops;
  return { main: main > Math.max(2, hops) ? main : 0, workers: workers > Math.max(RUNTIME_THREADS.cpu, 2 * hops) ? workers : 0 };
}

/** To µs. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
