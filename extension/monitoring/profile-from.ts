/** Traces of any setup -> the application profile: what the optimizer needs, with what it does not know. */
import { UserError } from "../core/errors.ts";
import type { CallGraph } from "../core/graph.ts";
import type { Constraints } from "../core/setup.ts";
import type { ApplicationProfile, TaskProfile } from "../optimizer/profile.ts";
import { learnColdStarts } from "./cold-starts.ts";
import { CLEAR_MB, handlerOverhead, learnHops } from "./hops.ts";
import { learnPauses, withoutPauses } from "./pauses.ts";
import { DEFAULT_PRICES, type Prices } from "./prices.ts";
import { areWorkers, programOf } from "./programs.ts";
import { mean, quantile, sum, trimmedMean, variation } from "./statistics.ts";
import { withoutSaturation } from "./saturation.ts";
import { PLATFORM, taskRuns, workOf, type TaskRun } from "./task-runs.ts";
import { append, type Invocation, type Trace } from "./traces.ts";

export interface ProfileOptions {
  /** Tasks that never ran are part of the profile too, with an empty program. */
  graph?: CallGraph;
  constraints?: Constraints & { latency?: { mean?: number; p50?: number; p95?: number } };
  prices?: Prices;
  /** Root requests as the client saw them (latency in ms), to learn what lies between client and root function. */
  requests?: readonly { trace: string; latency: number }[];
  memorySizes?: readonly number[];
}

export interface ProfileResult {
  profile: ApplicationProfile;
  /** One sentence each: what was assumed, what these records cannot tell apart, what is missing. */
  notes: string[];
  /** Half width of the 90 % interval of the mean relative to it, per task: own CPU and whole duration of its runs. */
  uncertainty: Record<string, { cpu: number; duration: number; samples: number }>;
}

/** MB: steps of about 1.25 to 1.5, and every size at which a further vCPU becomes whole or visible. */
export const MEMORY_SIZES = [
  128, 192, 256, 384, 512, 768, 1024, 1280, 1536, 1769, 2048, 2654, 3009, 3538, 5307, 7076, 8845, 10_240,
];
const MIN_SAMPLES = 20;

/** @throws UserError `nothing-measured` when no trace has a root record. */
export function profileFrom(traces: readonly Trace[], options: ProfileOptions = {}): ProfileResult {
  const roots = traces.flatMap((trace) => trace.root ?? []);
  if (roots.length === 0) {
    throw new UserError("nothing-measured", "No record of a root request was found.", "Run a workload first.");
  }
  const invocations = traces.flatMap((trace) => trace.invocations);
  const notes: string[] = [];
  const handler = handlerOverhead(traces, notes);
  const { runs: steady, slowdown } = withoutSaturation(taskRuns(traces));
  const { pauseCpuMs, undecided } = learnPauses(steady);
  const runs = withoutPauses(steady, pauseCpuMs);
  if (undecided.length > 0) {
    notes.push(
      `CPU work and what the quota's pauses add to it cannot be told apart at one memory size; taken as all work: ${undecided.join(", ")}.`,
    );
  }
  if (slowdown > 1) {
    notes.push(
      `The machine was saturated: CPU work took ${slowdown.toFixed(1)} times as long as its share of CPU explains. That much is taken off; measure again at a lower rate for sharper numbers.`,
    );
  }
  const hops = learnHops(runs, traces, handler);
  notes.push(...hops.notes);
  const largest = Math.max(...invocations.map(({ record }) => record.memory));
  if (largest < CLEAR_MB) {
    notes.push(
      `At ${largest} MB the CPU quota hides up to ${PLATFORM.cpuPeriodMs} ms of every wait behind CPU work, so waits are rough until something was measured at ${CLEAR_MB} MB or more.`,
    );
  }
  const { tasks, uncertainty } = learnTasks(runs, { sync: hops.sync.cpuMs, async: hops.async.cpuMs }, invocations, notes);
  for (const { name } of options.graph?.tasks ?? []) tasks[name] ??= { program: [] };
  const unseen = Object.keys(tasks).filter((name) => !uncertainty[name]);
  if (unseen.length > 0) notes.push(`Never seen running, so taken to do nothing: ${unseen.sort().join(", ")}.`);
  const lost = traces.flatMap((trace) => trace.lost);
  if (lost.length > 0) {
    const names = [...new Set(lost.map(({ task }) => task || "the root request"))].sort();
    notes.push(
      `${lost.length} records were lost (${names.join(", ")}): these calls count, what they did is taken from the others.`,
    );
  }
  const repeated = sum(traces.map((trace) => trace.duplicates + trace.invocations.filter((one) => one.repeats).length));
  if (repeated > 0) notes.push(`${repeated} records came more than once: each call counts once.`);
  const cold = learnColdStarts(invocations, notes);
  const clientMs = clientTime(traces, options.requests);
  return {
    profile: {
      version: 1,
      prices: { ...(options.prices ?? DEFAULT_PRICES) },
      platform: {
        ...PLATFORM,
        ...(pauseCpuMs !== undefined && pauseCpuMs > 0 && { pauseCpuMs: Number(pauseCpuMs.toFixed(4)) }),
        sync: hops.sync,
        async: hops.async,
        handler: hops.handler,
        ...(clientMs > 0 && { clientMs }),
        billingStepMs: 1,
        variation: learnVariation(runs, roots),
        ...cold,
      },
      memorySizes: [...(options.memorySizes ?? MEMORY_SIZES)],
      entries: entriesOf(roots),
      tasks,
      constraints: { ...options.constraints },
    },
    notes,
    uncertainty,
  };
}

function entriesOf(roots: readonly Invocation[]): ApplicationProfile["entries"] {
  const counts = new Map<string, number>();
  for (const { record } of roots) counts.set(record.function, (counts.get(record.function) ?? 0) + 1);
  return [...counts].map(([task, count]) => ({ task, weight: count / roots.length }));
}

function learnTasks(
  runs: readonly TaskRun[],
  hopCpu: { sync: number; async: number },
  invocations: readonly Invocation[],
  notes: string[],
): { tasks: Record<string, TaskProfile>; uncertainty: ProfileResult["uncertainty"] } {
  const byTask = new Map<string, TaskRun[]>();
  for (const run of runs) append(byTask, run.task, run);
  const floors = memoryFloors(runs, invocations);
  const tasks: Record<string, TaskProfile> = {};
  const uncertainty: ProfileResult["uncertainty"] = {};
  const mixed: string[] = [];
  const guessed: string[] = [];
  const few: string[] = [];
  for (const [task, all] of [...byTask].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const chosen = bestRuns(all);
    if (chosen[0]!.mixed) mixed.push(task);
    const { threads, known } = threadsOf(all);
    if (!known) guessed.push(task);
    if (chosen.length < MIN_SAMPLES) few.push(task);
    tasks[task] = { memoryFloor: floors.get(task) ?? 128, program: programOf(chosen.map(unmixed), { hopCpu, threads }) };
    uncertainty[task] = {
      cpu: halfWidth(chosen.map((run) => sum(run.own.map(({ cpu }) => cpu)))),
      duration: halfWidth(chosen.map((run) => run.span.duration)),
      samples: chosen.length,
    };
  }
  if (mixed.length > 0)
    notes.push(
      `Ran only while other tasks ran in the same process; only the sum of their CPU is known, shared out evenly: ${mixed.join(", ")}.`,
    );
  if (guessed.length > 0)
    notes.push(
      `Use worker threads, but never had more than one vCPU, so their number cannot be known; one is assumed: ${guessed.join(", ")}.`,
    );
  if (few.length > 0) notes.push(`Fewer than ${MIN_SAMPLES} runs: ${few.join(", ")}.`);
  return { tasks, uncertainty };
}

/** Clean runs if there are any: warm, alone in the process, without an error; else the best of what there is. */
function bestRuns(runs: readonly TaskRun[]): TaskRun[] {
  const rules: ((run: TaskRun) => boolean)[] = [
    (run) => !run.mixed,
    (run) => run.span.error === undefined,
    (run) => !run.invocation.record.cold,
  ];
  let kept = [...runs];
  for (const rule of rules.toReversed()) {
    const better = kept.filter(rule);
    if (better.length > 0) kept = better;
  }
  return kept;
}

/** Runs that shared their process: as many as ran at once share the CPU evenly. */
function unmixed(run: TaskRun): TaskRun {
  if (!run.mixed) return run;
  const { spans } = run.invocation.record;
  const others = spans.filter(
    (span) =>
      span.mode === "inline" && span.start < run.span.start + run.span.duration && run.span.start < span.start + span.duration,
  );
  const leaves = others.filter(
    (span) => span === run.span || !others.some((other) => other.parent === span.id && other.kind === "sync"),
  );
  const share = 1 / Math.max(1, leaves.length);
  const scaled = run.own.map((one) => ({
    ...one,
    cpu: one.cpu * share,
    workers: one.workers * share,
  }));
  return { ...run, own: scaled };
}

/** Threads show only where the function had more than one vCPU: as CPU per ms beyond one. */
function threadsOf(runs: readonly TaskRun[]): { threads: number; known: boolean } {
  const stretches = runs.flatMap((run) => run.own.map((one) => ({ ...one, rate: run.law.rate })));
  const busy = stretches.filter(({ workers, cpu }) => areWorkers(workers, cpu));
  if (busy.length === 0) return { threads: 1, known: true };
  const fast = busy.filter(({ rate }) => rate >= 1.1);
  if (fast.length === 0) return { threads: 1, known: false };
  const parallel = quantile(
    fast.map(({ workers, cpu, wall }) => workers / Math.max(0.01, wall - (cpu - workers))),
    0.75,
  );
  return { threads: Math.max(1, Math.ceil(parallel - 0.1)), known: true };
}

/** MB: the least maximum among the functions the task ran in. What several members need together shows as that of each. */
function memoryFloors(runs: readonly TaskRun[], invocations: readonly Invocation[]): Map<string, number> {
  const used = new Map<string, number>();
  const place = ({ record }: Invocation) => `${record.function} ${record.memory} ${record.setup}`;
  for (const invocation of invocations) {
    const { report } = invocation;
    if (report)
      used.set(place(invocation), Math.max(used.get(place(invocation)) ?? 0, Math.min(report.maxMemoryUsed, report.memory)));
  }
  const floors = new Map<string, number>();
  for (const { task, invocation } of runs) {
    const most = used.get(place(invocation));
    if (most === undefined) continue;
    floors.set(task, Math.min(floors.get(task) ?? Infinity, Math.max(128, Math.ceil(most))));
  }
  return floors;
}

/** ms between client and root function beyond the function's duration; cold starts left out. */
function clientTime(traces: readonly Trace[], requests: ProfileOptions["requests"]): number {
  if (!requests) return 0;
  const roots = new Map(
    traces.flatMap((trace) => (trace.root && !trace.root.record.cold ? [[trace.id, trace.root] as const] : [])),
  );
  const samples = requests.flatMap(({ trace, latency }) => {
    const root = roots.get(trace);
    return root ? [latency - (root.report?.duration ?? root.record.duration)] : [];
  });
  return Math.max(0, trimmedMean(samples));
}

function learnVariation(runs: readonly TaskRun[], roots: readonly Invocation[]): { cpu: number; wait: number } {
  const byTask = new Map<string, number[]>();
  for (const run of runs) {
    if (!run.invocation.record.cold) append(byTask, `${run.task} ${run.law.rate}`, sum(run.own.map(workOf)));
  }
  const cpu = [...byTask.values()].filter((values) => mean(values) > 1).map(variation);
  const waits = new Map<string, number[]>();
  for (const { record } of roots)
    if (!record.cold) append(waits, `${record.function} ${record.setup}`, Math.max(0, record.duration - record.cpu));
  return { cpu: quantile(cpu, 0.5), wait: quantile([...waits.values()].map(variation), 0.5) };
}

/** 1.645 standard errors of the mean, relative to the mean. */
function halfWidth(values: readonly number[]): number {
  const center = mean(values);
  if (values.length < 2 || center <= 0) return 0;
  const spread = Math.sqrt(sum(values.map((value) => (value - center) ** 2)) / (values.length - 1));
  return (1.645 * spread) / Math.sqrt(values.length) / center;
}
