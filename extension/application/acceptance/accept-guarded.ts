/**
 * Accepting with a safety net: both setups run side by side until a sequential test knows which is better. Only what is better stays; else
 * `fusionize.json` gets its old setup back, by the same minimal edit that the user accepted, and only while it still holds what was accepted.
 */
import { setupId } from "../../core/setup-id.ts";
import type { FusionSetup, Goal } from "../../core/setup.ts";
import { buildTraces, summarize } from "../../monitoring/index.ts";
import type { Measurement } from "../../core/measurement.ts";
import { alphaOfDecision, planComparison, tailLimit, type Arm } from "../../optimizer/decide/index.ts";
import type { LongWork } from "../../ports/work.ts";
import { startSaturationProbe, type SaturationProbe } from "../../workload/saturation-probe.ts";
import { appendAcceptance, appendMeasurement, appendRun, readAcceptances, type Acceptance, type Prediction } from "../history.ts";
import { notePrediction } from "../predictions.ts";
import type { App, WorkloadOptions, WorkloadResult } from "../types.ts";
import { deployArms, type Arms, type Stage } from "./arms.ts";
import { blockOf } from "./block.ts";
import { compare, type Comparison, type MeasuredBlock } from "./compare.ts";

export interface AcceptanceOptions extends LongWork {
  events: WorkloadOptions["events"];
  /** Root requests per second. */
  rate: number;
  /** Root requests at most, both setups together; default: as many as a 5 % effect may need, but no more than 1,200. */
  mostRequests?: number;
  /** Root requests of one block; default 20. */
  blockRequests?: number;
  /** Smallest share by which the setups must differ to be told apart; default 0.05. */
  effect?: number;
  goal?: Goal;
  seed?: number;
  /** For tests. */
  probe?: () => SaturationProbe;
}

/** How `fusionize.json` is read and written: a file in the terminal, a document in the editor. */
export interface SetupFile {
  current(): Promise<FusionSetup>;
  write(setup: FusionSetup): Promise<void>;
}

export interface Accepted {
  acceptance: Acceptance;
  comparison: Comparison;
  /** What each setup measured, over valid blocks; those after the decision where there are any. */
  measurements: Record<Arm, Measurement>;
  /** What the model had said of the new setup, beside what was measured. */
  prediction: Prediction | undefined;
  /** What happened to `fusionize.json`. */
  file: "kept" | "restored" | "edited meanwhile";
}

const BLOCK_REQUESTS = 20;
const LEAST_BLOCK = 2;

/** Root requests of one block where a workload of `requests` is to give `blocks`: never more than by default. */
export const blockRequestsOf = (requests: number, blocks: number): number =>
  Math.max(LEAST_BLOCK, Math.min(BLOCK_REQUESTS, Math.round(requests / blocks)));

const MOST_REQUESTS = 1_200;
const FRESH_PAIRS = 2;
const WARM_UP = 3;
/** The papers' I/O-bound tasks vary by 25 to 50 % from request to request. */
const USUAL_VARIATION = 0.3;
const FIDELITY = "aws";

/**
 * @param app as it was before the new setup was accepted: its setup is the old one. `fusionize.json` holds the new one.
 * @throws the signal's reason when cancelled, after the old setup was restored.
 */
export async function acceptGuarded(
  app: App,
  next: FusionSetup,
  stage: Stage,
  file: SetupFile,
  options: AcceptanceOptions,
): Promise<Accepted> {
  const work: LongWork = {
    ...(options.signal && { signal: options.signal }),
    ...(options.progress && { progress: options.progress }),
  };
  let outcome: Accepted["file"] = "kept";
  const restore = async (): Promise<void> => {
    try {
      // The file first: should the deployment fail as well, the next one deploys what was proven.
      outcome = setupId(await file.current()) === setupId(next) ? "restored" : "edited meanwhile";
      if (outcome === "restored") await file.write(app.setup);
    } finally {
      // Without the signal: also after a cancel nobody is left on a setup that was not proven. Also when the file cannot be read.
      await stage.deploy(app, { setup: app.setup });
    }
  };
  try {
    const arms = await deployArms(stage, app, { old: app.setup, new: next }, work);
    const comparison = await compareArms(app, arms, stage, options);
    const { verdict } = comparison;
    const kind = verdict.kind === "better" || verdict.kind === "worse" ? verdict.kind : "no difference";
    if (kind !== "better") await restore();
    const measurements = { old: measured(arms, comparison, "old", stage), new: measured(arms, comparison, "new", stage) };
    const prediction = await notePrediction(app, measurements.new);
    for (const arm of ["old", "new"] as const) await keep(app, measurements[arm], comparison.results[arm]);
    const acceptance: Acceptance = {
      at: measurements.new.at,
      target: stage.kind,
      old: { setup: app.setup, setupId: arms.old.deployment.setupId },
      new: { setup: next, setupId: arms.new.deployment.setupId },
      verdict: kind,
      reasons: verdict.reasons,
      ...(comparison.fresh && { effect: { latency: comparison.fresh.latency, cost: comparison.fresh.cost } }),
      requests: comparison.requests,
      voids: comparison.voids.old.length + comparison.voids.new.length,
    };
    await appendAcceptance(app, acceptance);
    return { acceptance, comparison, measurements, prediction, file: outcome };
  } catch (error) {
    if (outcome === "kept") await restore();
    throw error;
  }
}

async function compareArms(app: App, arms: Arms, stage: Stage, options: AcceptanceOptions): Promise<Comparison> {
  const { events, rate, blockRequests = BLOCK_REQUESTS, effect = 0.05, seed = 1, signal, progress } = options;
  const goal = options.goal ?? app.config?.goal ?? "balanced";
  const probe = options.probe ?? startSaturationProbe;
  const send = (arm: Arm, requests: number, warmUp: number): Promise<WorkloadResult> =>
    stage.workload({ requests, rate, events, warmUp, of: arms[arm], keep: false, ...(signal && { signal }) });
  // Instances of both are there before anything counts; the old one's requests also show how much they vary and what counts as slow.
  progress?.("Warming up both setups");
  const before = await send("old", Math.max(WARM_UP, blockRequests / 2), WARM_UP);
  await send("new", WARM_UP, WARM_UP);
  const goalP95 = typeof goal === "object" ? goal.latency?.p95 : undefined;
  const limit = tailLimit(goalP95, before.measurement.latency.p95);
  const alpha = alphaOfDecision((await readAcceptances(app)).length + 1);
  const plan = planComparison({ effect, variation: variationOf(before), blockRequests, alpha });
  const mostRequests = options.mostRequests ?? Math.min(MOST_REQUESTS, plan.requests + 2 * FRESH_PAIRS * blockRequests);
  const measureBlock = async (arm: Arm, requests: number): Promise<MeasuredBlock> => {
    const watching = probe();
    const result = await send(arm, requests, 0);
    const { saturated } = watching.stop();
    return { ...blockOf(result, { setupId: arms[arm].deployment.setupId, limit, saturated }), result };
  };
  return compare(measureBlock, {
    goal,
    pairs: Math.max(1, Math.min(plan.pairs, Math.floor(mostRequests / (2 * blockRequests)) - FRESH_PAIRS)),
    mostRequests,
    blockRequests,
    alpha,
    freshPairs: FRESH_PAIRS,
    concurrent: stage.kind === "aws",
    seed,
    ...(goalP95 !== undefined && { oldMisses: before.measurement.latency.p95 > goalP95 }),
    ...(signal && { signal }),
    ...(progress && { progress }),
  });
}

function variationOf({ sent }: WorkloadResult): number {
  if (sent.length < 3) return USUAL_VARIATION;
  const mean = sent.reduce((sum, { latency }) => sum + latency, 0) / sent.length;
  const variance = sent.reduce((sum, { latency }) => sum + (latency - mean) ** 2, 0) / (sent.length - 1);
  return mean > 0 ? Math.max(0.05, Math.sqrt(variance) / mean) : USUAL_VARIATION;
}

function measured(arms: Arms, { results }: Comparison, arm: Arm, stage: Stage): Measurement {
  const all = results[arm];
  const traces = buildTraces(
    all.flatMap(({ records }) => records),
    all.flatMap(({ reports }) => reports),
  );
  return summarize(traces, {
    setup: arms[arm].setup,
    setupId: arms[arm].deployment.setupId,
    at: all[0]?.measurement.at ?? new Date().toISOString(),
    target: stage.kind,
    ...(stage.kind === "local" && { fidelity: all[0]?.measurement.fidelity ?? FIDELITY }),
    cold: false,
    requests: all.flatMap(({ sent }) => sent),
  });
}

async function keep(app: App, measurement: Measurement, results: readonly WorkloadResult[]): Promise<void> {
  if (results.length === 0) return;
  await appendMeasurement(app, measurement);
  await appendRun(app, {
    setupId: measurement.setupId,
    target: measurement.target,
    ...(measurement.fidelity && { fidelity: measurement.fidelity }),
    cold: false,
    records: results.flatMap(({ records }) => records),
    reports: results.flatMap(({ reports }) => reports),
    requests: results.flatMap(({ sent }) => sent.map(({ trace, latency }) => ({ trace, latency }))),
  });
}
