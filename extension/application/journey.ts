/**
 * The main job without an editor: run the app under its current setup, measure, suggest, accept, compare with the setup before, and go
 * back unless it is better. Reports each step as it finishes.
 */
import type { Measurement } from "../core/measurement.ts";
import type { Suggestion } from "../optimizer/types.ts";
import type { LongWork } from "../ports/work.ts";
import type { FusionSetup } from "../core/setup.ts";
import { acceptGuarded, blockRequestsOf, type Accepted } from "./acceptance/accept-guarded.ts";
import { localStage } from "./acceptance/stages.ts";
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
  /** Not called for cold requests alone and for `fast`: those are measured again without a comparison. */
  compared(accepted: Accepted): void;
  suggested(app: App, suggestion: Suggestion | undefined, profile: MeasuredProfile): void;
}

export interface Journey {
  before: Measurement;
  suggestion: Suggestion | undefined;
  /** Of the suggested setup, whether it stayed or not. */
  after: Measurement | undefined;
  accepted: Accepted | undefined;
}

/** Of a workload's size in the comparison: some ten blocks show a change that is worth accepting. */
const BLOCKS = 10;

const WARM_UP = 3;

/** Changes `fusionize.json` in `folder` when there is something to gain, and the comparison shows it. */
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
    if (!suggestion) return { before, suggestion, after: undefined, accepted: undefined };
    await writeSetup(app, suggestion.setup);
    if (cold || fidelity === "fast") {
      app = await loadApp(folder);
      return { before, suggestion, after: await measureNow("after"), accepted: undefined };
    }
    const file = {
      current: async () => (await loadApp(folder)).setup,
      write: async (setup: FusionSetup) => writeSetup(await loadApp(folder), setup),
    };
    const accepted = await acceptGuarded(app, suggestion.setup, localStage(running), file, {
      events,
      rate,
      blockRequests: blockRequestsOf(requests, BLOCKS),
      ...(seed !== undefined && { seed }),
      ...work,
    });
    steps.compared(accepted);
    return { before: accepted.measurements.old, suggestion, after: accepted.measurements.new, accepted };
  } finally {
    await running.stop();
  }
}
