/** What looks are held against: the newest full measurement of the setup that runs. */
import { buildTraces, type Report, type Trace } from "../../monitoring/index.ts";
import { autocorrelationTime } from "../../optimizer/decide/index.ts";
import { costOfTrace } from "../acceptance/block.ts";
import type { RecordedRun } from "../history.ts";
import type { InControl, Look } from "./scheduler.ts";

/** A block's mean is never known better than this: conditions differ from hour to hour by more. */
const LEAST_DEVIATION = 0.03;
/** Requests below which a run is no yardstick. */
const FEW = 10;

/** ms; what the client saw, or the root function's own duration where nobody wrote that down. */
function latenciesOf(traces: readonly Trace[], requests: RecordedRun["requests"]): number[] {
  if (requests && requests.length > 0) return requests.map(({ latency }) => latency);
  return traces.flatMap(({ root }) => (root ? [root.report?.duration ?? root.record.duration] : []));
}

/** @param blockRequests of one look. Undefined for a run that is too short. */
export function inControlOf(
  run: Pick<RecordedRun, "records" | "reports" | "requests">,
  blockRequests: number,
): InControl | undefined {
  const traces = buildTraces(run.records, run.reports as Report[]);
  const latencies = latenciesOf(traces, run.requests);
  if (latencies.length < FEW || traces.length < FEW) return undefined;
  const costs = traces.map((trace) => costOfTrace(trace));
  const deviation = (values: number[]) => {
    const center = mean(values);
    const spread = Math.sqrt(mean(values.map((value) => (value - center) ** 2))) / center;
    return Math.max(LEAST_DEVIATION, spread * Math.sqrt(autocorrelationTime(values) / blockRequests));
  };
  return {
    latency: mean(latencies),
    cost: mean(costs),
    deviation: { latency: deviation(latencies), cost: deviation(costs) },
  };
}

/** Requests that came by themselves, as one look: the root functions' own durations. Undefined for too few complete ones. */
export function lookAtTraces(traces: readonly Trace[], least: number): Look | undefined {
  const complete = traces.filter(({ root, lost }) => root && lost.length === 0);
  if (complete.length < least) return undefined;
  return {
    latency: mean(latenciesOf(complete, undefined)),
    cost: mean(complete.map((trace) => costOfTrace(trace))),
    requests: complete.length,
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
