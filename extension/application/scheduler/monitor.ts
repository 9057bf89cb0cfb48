/** The scheduler at work on a running app: what the editor starts with `Run Locally`, and `fusionize monitor` in the terminal. */
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";
import type { Target } from "../../deployment/index.ts";
import type { Suggestion } from "../../optimizer/types.ts";
import { startSaturationProbe } from "../../workload/saturation-probe.ts";
import { readRuns } from "../history.ts";
import { measuredProfile, optimizeApp } from "../suggest.ts";
import type { App, LocalRun, WorkloadOptions } from "../types.ts";
import { inControlOf } from "./in-control.ts";
import { lookAtTraffic, lookByRequests } from "./looks.ts";
import { runScheduler, type InControl, type SchedulerEvent, type SchedulerPorts } from "./scheduler.ts";

export interface MonitorOptions {
  /** ms from the end of one look to the next. */
  everyMs: number;
  /** Requests of one look. */
  blockRequests: number;
  signal: AbortSignal;
  onEvent: (event: SchedulerEvent) => void;
  /** A round was measured; undefined: nothing is to be gained. The setup is not changed. */
  onRound: (suggestion: Suggestion | undefined) => void;
  /** Why a look would disturb the user now, if so. */
  busy?: () => string | undefined;
}

/** Requests of a full measurement. */
const ROUND_REQUESTS = 50;
const WARM_UP = 3;
/** Share of the processors in use between looks from which the machine is taken to be the user's. */
const USED = 0.6;

/** The app must run and be deployed. Sends requests only for looks and rounds, one at a time. Ends by the signal. */
export async function monitorLocal(
  app: App,
  running: LocalRun,
  workload: Pick<WorkloadOptions, "rate" | "events">,
  options: MonitorOptions,
): Promise<never> {
  const { everyMs, blockRequests, signal, onEvent, onRound } = options;
  const place = { target: "local" as const, fidelity: running.fidelity, blockRequests };
  const round = async (stop: AbortSignal): Promise<void> => {
    await running.workload({ ...workload, requests: ROUND_REQUESTS, warmUp: WARM_UP, signal: stop });
  };
  let between = startSaturationProbe();
  const ports: SchedulerPorts = {
    async pause(stop) {
      between = startSaturationProbe();
      await delay(everyMs, undefined, { signal: stop }).finally(() => (idle = between.stop()));
    },
    busy: () => options.busy?.() ?? (idle.busy > USED ? "the machine is in use" : undefined),
    look: (stop) => lookByRequests(running, { ...workload, requests: blockRequests }, stop),
    async newRound(_reason, stop) {
      await round(stop);
      onRound(await suggestionOf(app, "local"));
      return held(app, place);
    },
    onEvent,
  };
  let idle = { busy: 0, late: 0, saturated: false };
  const known = await held(app, place).catch(() => undefined);
  if (!known) await round(signal);
  return runScheduler(ports, { inControl: known ?? (await held(app, place)), signal });
}

/** Reads what clients cause on AWS; sends nothing. A round takes the requests that were read: they are as good as ours. */
export async function monitorTraffic(app: App, target: Target, options: MonitorOptions): Promise<never> {
  const { everyMs, blockRequests, signal, onEvent, onRound } = options;
  const place = { target: target.kind, blockRequests };
  const look = lookAtTraffic(app, target, { least: Math.ceil(blockRequests / 2), most: 10 * blockRequests });
  const ports: SchedulerPorts = {
    pause: (stop) => delay(everyMs, undefined, { signal: stop }),
    busy: () => options.busy?.(),
    look,
    async newRound() {
      onRound(await suggestionOf(app, target.kind));
      return held(app, place);
    },
    onEvent,
  };
  return runScheduler(ports, { inControl: await held(app, place), signal });
}

async function suggestionOf(app: App, target: "local" | "aws"): Promise<Suggestion | undefined> {
  const { profile } = await measuredProfile(app, target);
  return optimizeApp(app, profile).suggestion;
}

/** @throws UserError `nothing-measured` when the current setup was never measured long enough. */
async function held(
  app: App,
  { target, fidelity, blockRequests }: { target: "local" | "aws"; fidelity?: "aws" | "fast"; blockRequests: number },
): Promise<InControl> {
  const runs = await readRuns(app);
  const newest = runs.findLast(
    (one) => one.setupId === app.setupId && one.target === target && one.fidelity === fidelity && !one.cold,
  );
  // On AWS looks see no client: the root functions' own durations are compared.
  const measured =
    newest && inControlOf(target === "aws" ? { records: newest.records, reports: newest.reports } : newest, blockRequests);
  if (!measured) {
    throw new UserError(
      "nothing-measured",
      `The current setup of “${app.config?.app ?? app.folder}” was not measured yet.`,
      "Run a workload first: `fusionize run <app>`, or “Fusionize: Run Workload…”.",
    );
  }
  return measured;
}
