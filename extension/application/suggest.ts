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
}

/** Runs that say something about now: the newest of the sources as they are, on that target, warm before cold. */
function relevant(runs: RecordedRun[], target: "local" | "aws"): RecordedRun[] {
  const here = runs.filter((run) => run.target === target && run.fidelity !== "fast" && run.records.length > 0);
  const warm = here.filter((run) => !run.cold);
  return (warm.length > 0 ? warm : here).slice(-3);
}

/**
 * @throws UserError `nothing-measured` when no run of these sources is known.
 */
export async function measuredProfile(app: App, target: "local" | "aws" = "local"): Promise<MeasuredProfile> {
  assertUsable(app);
  const runs = relevant(await readRuns(app), target);
  if (runs.length === 0) {
    throw new UserError(
      "nothing-measured",
      `Nothing is measured yet for “${app.config.app}” as its source is now.`,
      "Run a workload first: `fusionize run <app>`, or “Fusionize: Run Workload…”.",
    );
  }
  const traces = runs.flatMap((run) => buildTraces(run.records, run.reports as Report[]));
  const requests = runs.flatMap((run) => run.requests ?? []);
  const { profile, notes } = profileFrom(traces, { graph: app.graph, constraints: app.config.constraints, requests });
  return { profile, notes };
}

export function optimizeApp(app: App, profile: ApplicationProfile, options: { goal?: Goal; seed?: number } = {}): OptimizeResult {
  const goal = options.goal ?? app.config?.goal ?? "balanced";
  return optimize(profile, { goal, current: app.setup, ...(options.seed !== undefined && { seed: options.seed }) });
}
