/** From recorded runs to a suggestion. */
import type { Goal } from "../core/setup.ts";
import { buildTraces, profileFrom, type Report } from "../monitoring/index.ts";
import { optimize, type OptimizeResult } from "../optimizer/index.ts";
import type { ApplicationProfile } from "../optimizer/profile.ts";
import { UserError } from "../core/errors.ts";
import { assertUsable } from "./app.ts";
import { readRuns, type RecordedRun } from "./history.ts";
import type { App } from "./types.ts";

export interface MeasuredProfile {
  profile: ApplicationProfile;
  /** What was assumed, what cannot be known from these logs, what was lost. */
  notes: string[];
  /** Ids of the setups it was learned from. */
  setups: string[];
}

/** Setups whose newest runs a profile is learned from: more of them separate more, older ones are out of date. */
const MOST_SETUPS = 4;

/**
 * Runs that say something about now: of the sources as they are, on that target, warm before cold; the newest of each setup, because the same
 * work seen at several memory sizes and structures tells apart what one setup cannot. Oldest first.
 */
export function relevantRuns(runs: RecordedRun[], target: "local" | "aws"): RecordedRun[] {
  const here = runs.filter((run) => run.target === target && run.fidelity !== "fast" && run.records.length > 0);
  const warm = here.filter((run) => !run.cold);
  const newest = new Map<string, RecordedRun>();
  for (const run of warm.length > 0 ? warm : here) {
    newest.delete(run.setupId);
    newest.set(run.setupId, run);
  }
  return [...newest.values()].slice(-MOST_SETUPS);
}

/**
 * @throws UserError `nothing-measured` when no run of these sources is known.
 */
export async function measuredProfile(app: App, target: "local" | "aws" = "local"): Promise<MeasuredProfile> {
  assertUsable(app);
  const runs = relevantRuns(await readRuns(app), target);
  if (runs.length === 0) {
    throw new UserError(
      "nothing-measured",
      `Nothing is measured yet for “${app.config.app}” as its source is now.`,
      "Run a workload first: `fusionize run <app>`, or “Fusionize: Run Workload…”.",
    );
  }
  return profileOf(app, runs);
}

/** What these runs tell of the app. */
export function profileOf(app: App, runs: readonly RecordedRun[]): MeasuredProfile {
  const traces = runs.flatMap((run) => buildTraces(run.records, run.reports as Report[]));
  const requests = runs.flatMap((run) => run.requests ?? []);
  const options = { graph: app.graph, requests, ...(app.config && { constraints: app.config.constraints }) };
  const { profile, notes } = profileFrom(traces, options);
  return { profile, notes, setups: [...new Set(runs.map(({ setupId }) => setupId))] };
}

export function optimizeApp(app: App, profile: ApplicationProfile, options: { goal?: Goal; seed?: number } = {}): OptimizeResult {
  const goal = options.goal ?? app.config?.goal ?? "balanced";
  return optimize(profile, { goal, current: app.setup, ...(options.seed !== undefined && { seed: options.seed }) });
}
