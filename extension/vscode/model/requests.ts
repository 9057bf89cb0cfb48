/** The requests of one app that are known in detail: their records, as traces, and where each was run. */
import type { App, LocalRun } from "../../application/types.ts";
import type { InvocationRecord } from "../../core/record.ts";
import { buildTraces, type Trace } from "../../monitoring/traces.ts";
import { invocationKey } from "../../monitoring/parts.ts";
import type { LoggedLine } from "../../monitoring/request-lines.ts";
import type { LongWork } from "../../ports/work.ts";
import { reading, type Running, running } from "../backend.ts";
import { traceDuration } from "./traceView.ts";

/** Traces that stay in memory; older ones are dropped. */
const mostTraces = 1000;
/** ms that the records of one request may take until they can be read. */
const patience = 15_000;

export interface RequestSummary {
  trace: string;
  durationMs: number;
  cold: boolean;
  error: boolean;
  /** ms since the epoch. */
  at: number;
  /** Which percentile of the durations this request stands at. */
  rank?: "p50" | "p95" | "p99" | "slowest";
}

type Cursor = Awaited<ReturnType<Running["readRecords"]>>["cursor"];

export class Requests {
  readonly #records = new Map<string, InvocationRecord>();
  readonly #lines = new Map<string, readonly LoggedLine[]>();
  #traces: Trace[] | undefined;
  #summaries: RequestSummary[] | undefined;
  #restored: Promise<void> | undefined;
  #source: { run: LocalRun; since: number; cursor?: Cursor } | undefined;
  #reading: Promise<void> | undefined;

  /** From now on new records are read from this run. */
  follow(run: LocalRun): void {
    this.#source = { run, since: Date.now() - 1000 };
  }

  /** The last recorded run of the sources as they are, once: what there is to show before anything runs. */
  restore(app: App): Promise<void> {
    return (this.#restored ??= reading().then(async ({ readRuns }) => {
      const last = (await readRuns(app)).findLast(({ records }) => records.length > 0);
      if (last) this.add(last.records);
    }));
  }

  add(records: readonly InvocationRecord[]): void {
    for (const record of records) this.#records.set(`${invocationKey(record)}|${record.function}`, record);
    this.#traces = undefined;
    this.#summaries = undefined;
  }

  /** Reads what was logged since the last time. Calls while it reads share the same answer. */
  read(): Promise<void> {
    return (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
  }

  async #read(): Promise<void> {
    const source = this.#source;
    const deployment = source?.run.deployment;
    if (!source || !deployment) return;
    const { readRecords } = await running();
    const { records, cursor } = await readRecords({
      target: source.run.target,
      logGroups: deployment.functions.map(({ logGroup }) => logGroup),
      from: source.since,
      cursor: source.cursor,
    });
    source.cursor = cursor;
    if (records.length > 0) this.add(records);
  }

  /** Waits until everything that one request caused is in the log; what is missing then is missing. */
  async await(trace: string, { signal }: Pick<LongWork, "signal"> = {}): Promise<void> {
    const source = this.#source;
    const deployment = source?.run.deployment;
    if (!source || !deployment) return;
    const { collectRecords } = await running();
    const { records } = await collectRecords({
      target: source.run.target,
      logGroups: deployment.functions.map(({ logGroup }) => logGroup),
      from: source.since,
      traces: new Set([trace]),
      deadlineMs: patience,
      ...(signal && { signal }),
    });
    this.add(records);
  }

  /** In order of their start. */
  get traces(): readonly Trace[] {
    if (this.#traces) return this.#traces;
    const all = buildTraces([...this.#records.values()], []);
    const kept = all.slice(-mostTraces);
    if (kept.length < all.length) {
      const ids = new Set(kept.map(({ id }) => id));
      for (const [key, { trace }] of this.#records) if (!ids.has(trace)) this.#records.delete(key);
    }
    return (this.#traces = kept);
  }

  /** Slowest first. */
  get summaries(): readonly RequestSummary[] {
    return (this.#summaries ??= summarise(this.traces));
  }

  /** A trace by its id, or by the id of one of its invocations as log lines carry it. */
  find(id: string): Trace | undefined {
    return this.traces.find((trace) => trace.id === id || trace.invocations.some(({ record }) => record.request === id));
  }

  /** The slowest request in which the task ran, or the call was made. */
  slowest(wanted: { task: string; caller?: string }): Trace | undefined {
    const byId = new Map(this.traces.map((trace) => [trace.id, trace]));
    for (const { trace } of this.summaries) {
      const found = byId.get(trace);
      const has = found?.invocations.some(({ record }) =>
        record.spans.some(({ task, caller }) => task === wanted.task && (!wanted.caller || caller === wanted.caller)),
      );
      if (found && has) return found;
    }
    return undefined;
  }

  /** Request id -> what was printed during it; empty where the run that logged it has gone. */
  async lines(trace: Trace): Promise<ReadonlyMap<string, readonly LoggedLine[]>> {
    const missing = trace.invocations.filter(({ record }) => !this.#lines.has(record.request));
    const source = this.#source;
    const groups = new Map(source?.run.deployment?.functions.map(({ root, logGroup }) => [root, logGroup]));
    if (source && missing.length > 0) {
      const { readRequestLines } = await running();
      const places = missing.flatMap(({ record }) => {
        const logGroup = groups.get(record.function);
        return logGroup && record.start >= source.since
          ? [{ logGroup, request: record.request, start: record.start, end: record.start + record.duration }]
          : [];
      });
      const found = places.length > 0 ? await readRequestLines(source.run.target, places) : new Map<string, LoggedLine[]>();
      for (const [request, lines] of found) this.#lines.set(request, lines);
    }
    for (const old of [...this.#lines.keys()].slice(0, -mostTraces)) this.#lines.delete(old);
    return this.#lines;
  }
}

const quantiles = [
  ["p99", 0.99],
  ["p95", 0.95],
  ["p50", 0.5],
] as const;

/** Slowest first, with the ones that stand at the usual percentiles marked (nearest rank). */
export function summarise(traces: readonly Trace[]): RequestSummary[] {
  const all = traces
    .map((trace): RequestSummary => {
      const records = trace.invocations.map(({ record }) => record);
      return {
        trace: trace.id,
        durationMs: traceDuration(trace),
        cold: records.some(({ cold }) => cold),
        error: records.some(({ spans }) => spans.some(({ error }) => error !== undefined)),
        at: records[0]?.start ?? 0,
      };
    })
    .sort((a, b) => b.durationMs - a.durationMs || a.trace.localeCompare(b.trace));
  const [first] = all;
  if (first) first.rank = "slowest";
  for (const [rank, share] of quantiles) {
    const summary = all[all.length - Math.ceil(share * all.length)];
    if (summary) summary.rank ??= rank;
  }
  return all;
}
