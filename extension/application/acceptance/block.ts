/** A block of requests to one setup -> the numbers that the test compares. */
import { billedMs, buildTraces, DEFAULT_PRICES, type Prices, type Trace } from "../../monitoring/index.ts";
import type { Block } from "../../optimizer/decide/index.ts";
import type { WorkloadResult } from "../types.ts";

export interface BlockOptions {
  /** Setup id that every record must carry: traces of another setup, or without records, make the block void. */
  setupId: string;
  /** ms above which a request counts as slow. */
  limit?: number | undefined;
  /** The machine had no CPU to spare. */
  saturated: boolean;
  prices?: Prices;
}

/** US dollars of everything that a trace's root request caused, INIT and request fees included. */
export function costOfTrace(trace: Trace, prices: Prices = DEFAULT_PRICES): number {
  return trace.invocations.reduce((sum, invocation) => {
    const { run, init } = billedMs(invocation);
    return sum + ((run + init) * prices.perGbMs * invocation.record.memory) / 1024 + prices.perRequest;
  }, 0);
}

export interface JudgedBlock {
  block: Block;
  /** Why it is void. */
  void?: "saturated" | "lost records" | "another setup";
}

export function blockOf(
  { records, reports, sent }: Pick<WorkloadResult, "records" | "reports" | "sent">,
  options: BlockOptions,
): JudgedBlock {
  const traces = buildTraces(records, reports);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const complete = new Set(traces.filter((trace) => trace.root && trace.lost.length === 0).map(({ id }) => id));
  const succeeded = sent.filter(({ error }) => error === undefined);
  const reason = options.saturated
    ? "saturated"
    : records.some(({ setup }) => setup !== options.setupId)
      ? "another setup"
      : succeeded.some(({ trace }) => !complete.has(trace))
        ? "lost records"
        : undefined;
  const block: Block = {
    requests: sent.length,
    errors: sent.length - succeeded.length,
    latency: mean(sent.map(({ latency }) => latency)),
    cost: traces.reduce((sum, trace) => sum + costOfTrace(trace, options.prices), 0) / Math.max(1, sent.length),
  };
  const { limit } = options;
  if (limit !== undefined) block.slow = sent.filter(({ latency }) => latency > limit).length / Math.max(1, sent.length);
  if (reason) return { block: { ...block, void: true }, void: reason };
  return { block };
}
