/** Traces -> the measurement of a setup: latency, cost by part, per function, task and call. */
import type { CallStatistics, CostParts, FunctionStatistics, Measurement, TaskStatistics } from "../core/measurement.ts";
import type { Span } from "../core/record.ts";
import type { FusionSetup } from "../core/setup.ts";
import { covered, type Interval } from "./intervals.ts";
import { DEFAULT_PRICES, type Prices } from "./prices.ts";
import { mean, sum, summary } from "./statistics.ts";
import { append, type Invocation, type Trace } from "./traces.ts";

export interface SummaryOptions {
  setup: FusionSetup;
  setupId: string;
  /** ISO 8601. */
  at: string;
  target: "local" | "aws";
  fidelity?: "aws" | "fast";
  cold: boolean;
  /** Root requests as the client that sent them saw them (latency in ms); without them latency is the root function's own. */
  requests?: readonly { trace: string; latency: number; error?: string }[];
  prices?: Prices;
}

/** US dollars. INIT is what the platform billed beyond the invocation itself. */
interface Cost {
  compute: number;
  doubleBilled: number;
  request: number;
  init: number;
}

export function summarize(traces: readonly Trace[], options: SummaryOptions): Measurement {
  const prices = options.prices ?? DEFAULT_PRICES;
  const requests = Math.max(1, options.requests?.length ?? traces.length);
  const invocations = traces.flatMap((trace) => trace.invocations);
  const costs = new Map(invocations.map((invocation) => [invocation, costOf(invocation, prices)]));
  const perMillion = (dollars: number) => (dollars / requests) * 1e6;
  const all = [...costs.values()];
  const cost: CostParts = {
    compute: perMillion(sum(all.map((part) => part.compute))),
    doubleBilled: perMillion(sum(all.map((part) => part.doubleBilled))),
    requests: perMillion(sum(all.map((part) => part.request))),
    init: perMillion(sum(all.map((part) => part.init))),
  };
  const roots = traces.flatMap((trace) => trace.root ?? []);
  const internal = summary(roots.map((root) => root.record.duration));
  const measurement: Measurement = {
    setup: options.setup,
    setupId: options.setupId,
    at: options.at,
    target: options.target,
    cold: options.cold,
    requests: options.requests?.length ?? traces.length,
    errors: options.requests
      ? options.requests.filter((request) => request.error !== undefined).length
      : roots.filter((root) => root.record.spans[0]?.error !== undefined).length,
    latency: options.requests ? summary(options.requests.map((request) => request.latency)) : internal,
    internalLatency: internal,
    costPerMillion: cost.compute + cost.requests + cost.init,
    cost,
    invocationsPerRequest: invocations.length / requests,
    coldStarts: invocations.filter((invocation) => invocation.record.cold).length,
    lostRecords: sum(traces.map((trace) => trace.lost.length)),
    repeatedRecords: sum(traces.map((trace) => trace.duplicates + trace.invocations.filter((one) => one.repeats).length)),
    functions: functionStatistics(costs, requests),
    ...runStatistics(traces, requests, prices),
  };
  if (options.fidelity) measurement.fidelity = options.fidelity;
  return measurement;
}

/** What the platform bills, from its report; without one, the record's own duration rounded up to the next ms. */
export function billedMs({ record, report }: Invocation): { run: number; init: number } {
  if (!report) return { run: Math.max(1, Math.ceil(record.duration)), init: 0 };
  const init = Math.min(report.init ?? 0, report.billed);
  return { run: report.billed - init, init };
}

const perMillisecond = (memory: number, prices: Prices): number => (prices.perGbMs * memory) / 1024;

function costOf(invocation: Invocation, prices: Prices): Cost {
  const { record } = invocation;
  const perMs = perMillisecond(record.memory, prices);
  const { run, init } = billedMs(invocation);
  const waiting = record.spans.filter((span) => span.mode === "remote" && span.kind === "sync").map(interval);
  return {
    compute: run * perMs,
    doubleBilled: Math.min(run, covered(waiting)) * perMs,
    request: prices.perRequest,
    init: init * perMs,
  };
}

function functionStatistics(costs: Map<Invocation, Cost>, requests: number): FunctionStatistics[] {
  const groups = new Map<string, Invocation[]>();
  for (const invocation of costs.keys()) append(groups, `${invocation.record.function} ${invocation.record.memory}`, invocation);
  return [...groups.values()]
    .map((group): FunctionStatistics => {
      const { function: root, memory } = group[0]!.record;
      const dollars = sum(group.map((one) => costs.get(one)!.compute + costs.get(one)!.request + costs.get(one)!.init));
      return {
        root,
        memory,
        invocationsPerRequest: group.length / requests,
        duration: summary(group.map((one) => one.record.duration)),
        billed: mean(group.map((one) => billedMs(one).run + billedMs(one).init)),
        costPerMillion: (dollars / requests) * 1e6,
        coldStarts: group.filter((one) => one.record.cold).length,
        invocations: group.length,
        maxMemoryUsed: group.reduce((most, one) => Math.max(most, one.report?.maxMemoryUsed ?? 0), 0),
      };
    })
    .sort((a, b) => a.root.localeCompare(b.root) || a.memory - b.memory);
}

/** Tasks run where their code runs: as a function's root, or inlined. Calls are seen from their caller's side. */
function runStatistics(
  traces: readonly Trace[],
  requests: number,
  prices: Prices,
): { tasks: TaskStatistics[]; calls: CallStatistics[] } {
  const runs = new Map<string, { span: Span; children: Span[] }[]>();
  const calls = new Map<string, { span: Span; hop?: number; waited: number }[]>();
  for (const trace of traces) {
    const answers = new Map<string, number>();
    for (const { record } of trace.invocations) if (record.parent !== undefined) answers.set(record.parent, record.duration);
    for (const { record } of trace.invocations) {
      const children = new Map<string, Span[]>();
      for (const span of record.spans) if (span.parent !== undefined) append(children, span.parent, span);
      for (const span of record.spans) {
        if (span.mode === "inline") append(runs, span.task, { span, children: children.get(span.id) ?? [] });
        if (span.kind === "entry") continue;
        const answer = span.mode === "remote" && span.kind === "sync" ? answers.get(span.id) : undefined;
        const key = JSON.stringify([span.caller ?? record.function, span.task, span.kind, span.mode]);
        const waits = span.mode === "remote" && span.kind === "sync";
        const waited = waits ? span.duration * perMillisecond(record.memory, prices) : 0;
        append(calls, key, { span, waited, ...(answer !== undefined && { hop: Math.max(0, span.duration - answer) }) });
      }
    }
  }
  const tasks = [...runs].map(([task, list]): TaskStatistics => {
    const own = list.map(({ span, children }) => ownShare(span, children));
    return {
      task,
      perRequest: list.length / requests,
      duration: summary(list.map(({ span }) => span.duration)),
      ownCpu: mean(own.map((one) => one.cpu)),
      ownWait: mean(own.map((one) => one.wait)),
      errors: list.filter(({ span }) => span.error !== undefined).length,
      samples: list.length,
    };
  });
  const callStatistics = [...calls].map(([key, list]): CallStatistics => {
    const [from, to, kind, mode] = JSON.parse(key) as [string, string, CallStatistics["kind"], CallStatistics["mode"]];
    const hops = list.flatMap(({ hop }) => hop ?? []);
    const statistics: CallStatistics = {
      from,
      to,
      kind,
      mode,
      perRequest: list.length / requests,
      duration: summary(list.map(({ span }) => span.duration)),
      samples: list.length,
    };
    if (hops.length > 0) statistics.hop = mean(hops);
    if (kind === "sync" && mode === "remote") statistics.doubleBilled = (sum(list.map(({ waited }) => waited)) / requests) * 1e6;
    return statistics;
  });
  return {
    tasks: tasks.sort((a, b) => a.task.localeCompare(b.task)),
    calls: callStatistics.sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to)),
  };
}

/** What a run used beyond its calls; overlapping calls count once. */
export function ownShare(span: Span, children: readonly Span[]): { cpu: number; wait: number } {
  const cpu = Math.max(0, span.cpu[1] - span.cpu[0] - covered(children.map((child) => [child.cpu[0], child.cpu[1]])));
  const inCalls = covered(children.map(interval));
  return { cpu, wait: Math.max(0, span.duration - inCalls - cpu) };
}

export function interval(span: Span): Interval {
  return [span.start, span.start + span.duration];
}
