/** Two ways to look: locally by sending a block of requests of our own, on AWS by reading what the app's clients caused anyway. */
import { functionName, logGroupName, type Target } from "../../deployment/index.ts";
import { buildTraces, readRecords } from "../../monitoring/index.ts";
import { startSaturationProbe, type SaturationProbe } from "../../workload/saturation-probe.ts";
import { blockOf } from "../acceptance/block.ts";
import type { App, LocalRun, WorkloadOptions } from "../types.ts";
import { lookAtTraces } from "./in-control.ts";
import type { Look } from "./scheduler.ts";

/** Sends one block to the app on the emulator. The measurement is not kept: it is a look, not a round. */
export async function lookByRequests(
  running: Pick<LocalRun, "workload" | "deployment">,
  workload: Pick<WorkloadOptions, "requests" | "rate" | "events">,
  signal: AbortSignal,
  probe: () => SaturationProbe = startSaturationProbe,
): Promise<Look> {
  const watching = probe();
  const result = await running.workload({ ...workload, keep: false, signal });
  const { saturated } = watching.stop();
  const judged = blockOf(result, { setupId: running.deployment?.setupId ?? "", saturated });
  const { latency, cost, requests, errors } = judged.block;
  const reason = judged.void ?? (errors > 0 ? `${errors} requests failed` : undefined);
  return { latency, cost, requests, ...(reason !== undefined && { void: reason }) };
}

/** Events may become visible this late, ms: a look ends this long before now. */
const LATE_MS = 15_000;

/** Reads the newest requests that clients sent, `most` at most, since the last look. Sends none. */
export function lookAtTraffic(
  app: App,
  target: Target,
  { least, most }: { least: number; most: number },
  now: () => number = Date.now,
) {
  const logGroups = app.functions.map(({ root }) => logGroupName(functionName(app.config?.app ?? "app", target.stage, root)));
  let from = now();
  return async (signal: AbortSignal): Promise<Look | undefined> => {
    const to = now() - LATE_MS;
    if (to <= from) return undefined;
    const { records, reports } = await readRecords({ target, logGroups, from, to, signal });
    const own = records.filter(({ setup }) => setup === app.setupId);
    const look = lookAtTraces(buildTraces(own, reports).slice(-most), least);
    if (look) from = to;
    return look;
  };
}
