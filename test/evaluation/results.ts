/** Raw blocks -> one row per app, load and contender. */
import { buildTraces, PRICES, summarize, type Invocation, type Prices, type Trace } from "../../extension/monitoring/index.ts";
import { billedMs } from "../../extension/monitoring/summarize.ts";
import { mean, quantile } from "../../extension/monitoring/statistics.ts";
import { bootstrap, intervalOf, median, ratioInterval, type Interval } from "./statistics.ts";
import type { RawResults } from "./raw.ts";
import type { AppName, Block, Contender, LoadName } from "./types.ts";

export interface Row {
  app: AppName;
  load: LoadName;
  hopMs?: number;
  contender: Contender;
  requests: number;
  errors: number;
  lostRecords: number;
  coldShare: number;
  /** ms, as the client saw it. */
  latency: { median: number; mean: number; p95: number; interval: Interval };
  /** Median duration of the root function, as the papers measure latency: no network, no cold start of the root. */
  internal: number;
  /** US dollars per million requests; request fees included. */
  cost: { mean: number; interval: Interval; arm64: number; withoutFees: number };
  invocations: number;
  /** The share of the machine that was busy, least and most of the blocks. */
  machineBusy: [number, number];
  /** Largest share of the cores that other work took at low priority. */
  machineYielding: number;
  /** Against the base setup and against the papers' final one, where both were measured under the same load. */
  ratios: Partial<Record<"base" | "papers, final", { latency: Ratio; p95: number; cost: Ratio }>>;
}

export interface Ratio extends Interval {
  value: number;
}

interface Sample {
  row: Row;
  latencyDraws: number[];
  costDraws: number[];
}

const costOf = (invocation: Invocation, prices: Prices): number => {
  const { run, init } = billedMs(invocation);
  return ((run + init) * invocation.record.memory * prices.perGbMs) / 1024 + prices.perRequest;
};

export function analyse({ run, searches, blocks }: RawResults): Row[] {
  const groups = Map.groupBy(blocks, ({ app, load, contender, hopMs }) => JSON.stringify([app, load, contender, hopMs ?? null]));
  const samples = [...groups.values()].map((group) => {
    const { app, contender } = group[0]!;
    const known = searches.find((search) => search.app === app)!.contenders.find(({ name }) => name === contender)!;
    return sample(group, known, run.plan.seed);
  });
  for (const { row, latencyDraws, costDraws } of samples) {
    for (const other of ["base", "papers, final"] as const) {
      const against = samples.find(
        (one) =>
          one.row.app === row.app &&
          one.row.load === row.load &&
          one.row.hopMs === row.hopMs &&
          (one.row.contender.name === other || one.row.contender.also.includes(other)),
      );
      if (!against || against.row === row) continue;
      row.ratios[other] = {
        latency: {
          value: row.latency.median / against.row.latency.median,
          ...ratioInterval(latencyDraws, against.latencyDraws),
        },
        p95: row.latency.p95 / against.row.latency.p95,
        cost: { value: row.cost.mean / against.row.cost.mean, ...ratioInterval(costDraws, against.costDraws) },
      };
    }
  }
  return samples.map(({ row }) => row);
}

/** Requests of one kind: those that made the root call the same tasks. */
function kindOf({ root }: Trace): string {
  if (!root) return "";
  const { record } = root;
  const called = new Set(record.spans.filter(({ caller }) => caller === record.function).map(({ task }) => task));
  return [record.function, ...[...called].sort()].join(" ");
}

/** Draws are made within a block and a kind of request: the mix of kinds is the workload's, not chance. */
function strata<T>(blocks: readonly (readonly T[])[], kind: (item: T) => string, value: (item: T) => number): number[][] {
  return blocks.flatMap((block) => [...Map.groupBy(block, kind).values()].map((items) => items.map(value)));
}

function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index += 1) value = (Math.imul(value, 31) + text.charCodeAt(index)) | 0;
  return value;
}

function sample(group: Block[], contender: Contender, seed: number): Sample {
  const { app, load, hopMs } = group[0]!;
  const traces = group.map(({ records, reports }) => buildTraces(records, reports));
  const requests = group.flatMap((block) => block.requests);
  const measurement = summarize(traces.flat(), {
    setup: contender.setup,
    setupId: contender.name,
    at: group[0]!.at,
    target: "local",
    cold: load === "cold",
    requests,
  });
  const kinds = new Map(traces.flat().map((trace) => [trace.id, kindOf(trace)]));
  const latencies = strata(
    group.map((block) => block.requests.filter(({ error }) => !error)),
    ({ trace }) => kinds.get(trace) ?? "",
    ({ latency }) => latency,
  );
  const costs = (prices: Prices): number[][] =>
    strata(traces, kindOf, ({ invocations }) => invocations.reduce((sum, one) => sum + costOf(one, prices) * 1e6, 0));
  const dollars = costs(PRICES.x86_64);
  // Draws of their own for each contender: two that share them would seem to vary together.
  const own = seed + hash(`${app} ${load} ${contender.name}`);
  const latencyDraws = bootstrap(latencies, median, own);
  const costDraws = bootstrap(dollars, mean, own + 1);
  const all = latencies.flat();
  const invocations = traces.flat().flatMap((trace) => trace.invocations);
  const busy = group.map(({ machineBusy }) => machineBusy);
  const row: Row = {
    app,
    load,
    ...(hopMs !== undefined && { hopMs }),
    contender,
    requests: requests.length,
    errors: measurement.errors,
    lostRecords: measurement.lostRecords,
    coldShare: invocations.filter(({ record }) => record.cold).length / Math.max(1, invocations.length),
    latency: { median: median(all), mean: mean(all), p95: quantile(all, 0.95), interval: intervalOf(latencyDraws) },
    internal: measurement.internalLatency.p50,
    cost: {
      mean: measurement.costPerMillion,
      interval: intervalOf(costDraws),
      arm64: mean(costs(PRICES.arm64).flat()),
      withoutFees: measurement.costPerMillion - measurement.cost.requests,
    },
    invocations: measurement.invocationsPerRequest,
    machineBusy: [Math.min(...busy), Math.max(...busy)],
    machineYielding: Math.max(...group.map(({ machineYielding }) => machineYielding)),
    ratios: {},
  };
  return { row, latencyDraws, costDraws };
}
