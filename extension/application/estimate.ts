/** What a deployment would cost a month, before and after: from measurements, else predicted from the profile. */
import { setupId } from "../core/setup-id.ts";
import type { FusionSetup } from "../core/setup.ts";
import type { Measurement } from "../core/measurement.ts";
import { LOG_RETENTION_DAYS } from "../deployment/endpoint/log-groups.ts";
import type { Plan } from "../deployment/types.ts";
import { EVENT_OVERHEAD, logCost } from "../monitoring/log-prices.ts";
import { PRICES_DATE } from "../monitoring/prices.ts";
import { evaluate } from "../optimizer/index.ts";
import type { ApplicationProfile } from "../optimizer/profile.ts";
import { readHistory, readRuns, type RecordedRun } from "./history.ts";
import { measuredProfile } from "./suggest.ts";
import type { App } from "./types.ts";

/** US dollars a month. */
export interface MonthlyCost {
  /** Duration and requests of the functions. */
  lambda: number;
  /** Collecting and keeping what the platform logs. */
  logs: number;
  /** The same for the records of monitoring. */
  monitoring: number;
  total: number;
  from: "measured" | "predicted";
}

export interface Estimate {
  /** Root requests; what is assumed, unless the caller knows. */
  requestsPerMonth: number;
  /** Without any request: functions, versions, aliases, URLs and roles cost nothing. */
  idle: 0;
  /** What clients get now; undefined where it is neither measured nor predictable. */
  before: MonthlyCost | undefined;
  after: MonthlyCost | undefined;
  change: number | undefined;
  /** Of the price table: year and month. */
  prices: string;
}

export const REQUESTS_PER_MONTH = 1_000_000;
/** START, END and REPORT of one invocation in text form, bytes of the three events; a cold start's INIT_START is rare. */
const PLATFORM_BYTES = 330 + 3 * EVENT_OVERHEAD;
const NOTHING: MonthlyCost = { lambda: 0, logs: 0, monitoring: 0, total: 0, from: "measured" };

export async function estimateMonthly(
  app: App,
  plan: Pick<Plan, "live" | "setupId">,
  { target, requestsPerMonth = REQUESTS_PER_MONTH }: { target: "local" | "aws"; requestsPerMonth?: number },
): Promise<Estimate> {
  const [history, runs] = await Promise.all([readHistory(app), readRuns(app)]);
  const profile = await profileOf(app, target);
  const measurements = history.map(({ measurement }) => measurement);
  const cost = (id: string | undefined): MonthlyCost | undefined => {
    if (id === undefined) return undefined;
    const known = newest(measurements, id, target);
    const setup = known?.setup ?? (id === app.setupId ? app.setup : undefined);
    return known
      ? monthly(known.costPerMillion, known.invocationsPerRequest, recordBytes(runs, id), requestsPerMonth, "measured")
      : predicted(profile, setup, runs, requestsPerMonth);
  };
  const before = plan.live ? cost(plan.live.setupId) : NOTHING;
  const after = cost(plan.setupId);
  const change = before && after ? after.total - before.total : undefined;
  return { requestsPerMonth, idle: 0, before, after, change, prices: PRICES_DATE };
}

async function profileOf(app: App, target: "local" | "aws"): Promise<ApplicationProfile | undefined> {
  for (const place of target === "aws" ? (["aws", "local"] as const) : (["local"] as const)) {
    const found = await measuredProfile(app, place).catch(() => undefined);
    if (found) return found.profile;
  }
  return undefined;
}

/** Measured at the target itself where possible, else locally with AWS's delays and CPU shares. */
function newest(measurements: readonly Measurement[], id: string, target: "local" | "aws"): Measurement | undefined {
  const usable = measurements.filter((one) => one.setupId === id && !one.cold && one.fidelity !== "fast");
  return usable.findLast((one) => one.target === target) ?? usable.at(-1);
}

function predicted(
  profile: ApplicationProfile | undefined,
  setup: FusionSetup | undefined,
  runs: readonly RecordedRun[],
  requests: number,
): MonthlyCost | undefined {
  if (!profile || !setup) return undefined;
  try {
    const { costPerMillion, invocations } = evaluate(profile, setup);
    return monthly(costPerMillion, invocations, recordBytes(runs, setupId(setup)), requests, "predicted");
  } catch {
    // The profile is of other tasks than the setup's.
    return undefined;
  }
}

function monthly(
  costPerMillion: number,
  invocations: number,
  bytes: number,
  requests: number,
  from: MonthlyCost["from"],
): MonthlyCost {
  const lambda = (costPerMillion * requests) / 1e6;
  const logs = logCost(invocations * PLATFORM_BYTES * requests, LOG_RETENTION_DAYS);
  const monitoring = logCost(bytes * requests, LOG_RETENTION_DAYS);
  return { lambda, logs, monitoring, total: lambda + logs + monitoring, from };
}

/** Of the setup's own runs where there are some: how much one root request makes monitoring log, bytes. */
function recordBytes(runs: readonly RecordedRun[], id: string): number {
  const own = runs.filter((run) => run.setupId === id && run.records.length > 0);
  const used = own.length > 0 ? own : runs;
  const requests = new Set(used.flatMap(({ records }) => records.map(({ trace }) => trace))).size;
  const bytes = used.flatMap(({ records }) => records).reduce((sum, record) => sum + recordSize(record), 0);
  return requests === 0 ? 0 : bytes / requests;
}

export function recordSize(record: object): number {
  return Buffer.byteLength(JSON.stringify(record)) + EVENT_OVERHEAD;
}

const dollars = (value: number): string => {
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === 0) return "$0.00";
  return size < 0.01 ? `under ${sign}$0.01` : `${sign}$${size.toFixed(2)}`;
};

/** Two sentences for people. */
export function estimateText({ requestsPerMonth, before, after, change }: Estimate): string {
  const per = `${requestsPerMonth.toLocaleString("en")} requests a month`;
  const idle = "Without requests it costs $0.00.";
  if (!after) return `${idle} With requests: not known, no workload has been measured yet.`;
  const parts = `Lambda ${dollars(after.lambda)}, logs ${dollars(after.logs)}, monitoring ${dollars(after.monitoring)}; ${after.from}`;
  const difference =
    change === undefined
      ? "what is live now is not measured"
      : Math.abs(change) < 0.005 && before!.total > 0
        ? "the same as now"
        : `${change < 0 ? "−" : "+"}${dollars(Math.abs(change))} to ${before!.total === 0 ? "nothing" : `${dollars(before!.total)} now`}`;
  return `${idle} With ${per}: ${dollars(after.total)} (${parts}), ${difference}.`;
}
