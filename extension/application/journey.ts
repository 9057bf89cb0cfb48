/**
 * The main job without an editor: run the app under its current setup, measure, suggest, accept, measure again.
 * Reports each step as it finishes.
 */
import type { Measurement } from "../core/measurement.ts";
import type { Suggestion } from "../optimizer/types.ts";
import type { LongWork } from "../ports/work.ts";
import { writeSetup } from "./accept.ts";
import { loadApp } from "./app.ts";
import { workloadEvents } from "./events.ts";
import { startLocal, type StartOptions } from "./local-run.ts";
import { measuredProfile, optimizeApp, type MeasuredProfile } from "./suggest.ts";
import type { App } from "./types.ts";

export interface JourneyOptions extends LongWork {
  requests: number;
  /** Per second. */
  rate: number;
  cold: boolean;
  fidelity: "aws" | "fast";
  seed?: number;
  start?: Pick<StartOptions, "log" | "nodePath" | "emulatorArgs">;
}

export interface JourneySteps {
  found(app: App): void;
  measured(app: App, measurement: Measurement, which: "before" | "after"): void;
  suggested(app: App, suggestion: Suggestion | undefined, profile: MeasuredProfile): void;
}

export interface Journey {
  before: Measurement;
  suggestion: Suggestion | undefined;
  after: Measurement | undefined;
}

const WARM_UP = 3;

/** Changes `fusionize.json` in `folder` when there is something to gain. */
export async function journey(folder: string, options: JourneyOptions, steps: JourneySteps): Promise<Journey> {
  const { requests, rate, cold, fidelity, seed, signal, progress } = options;
  const work = { ...(signal && { signal }), ...(progress && { progress }) };
  let app = await loadApp(folder);
  steps.found(app);
  const events = await workloadEvents(app);
  const running = await startLocal(app, { fidelity, ...work, ...options.start });
  const measureNow = async (which: "before" | "after"): Promise<Measurement> => {
    await running.deploy(app, work);
    const { measurement } = await running.workload({ requests, rate, events, cold, warmUp: cold ? 0 : WARM_UP, ...work });
    steps.measured(app, measurement, which);
    return measurement;
  };
  try {
    const before = await measureNow("before");
    const profile = await measuredProfile(app);
    const { suggestion } = optimizeApp(app, profile.profile, seed === undefined ? {} : { seed });
    steps.suggested(app, suggestion, profile);
    if (!suggestion) return { before, suggestion, after: undefined };
    await writeSetup(app, suggestion.setup);
    app = await loadApp(folder);
    return { before, suggestion, after: await measureNow("after") };
  } finally {
    await running.stop();
  }
}
