/** Whether the model was right: what it said of a setup before it was measured beside what was measured, each time, kept in `.fusionize/`. */
import type { Measurement } from "../core/measurement.ts";
import { evaluate } from "../optimizer/index.ts";
import { appendPrediction, readRuns, type PredictedValues, type Prediction } from "./history.ts";
import { profileOf, relevantRuns } from "./suggest.ts";
import type { App } from "./types.ts";

/** Requests below which a measurement is no yardstick. */
const FEW = 10;

/**
 * Predicts the measured setup from all runs but those of the setup itself, and keeps both. Nothing happens where no other setup was
 * measured before, for cold and for `fast` runs, and where records were lost: what is missing makes any prediction look wrong.
 */
export async function notePrediction(app: App, measurement: Measurement): Promise<Prediction | undefined> {
  const { target, cold, fidelity, setup, setupId, requests, errors, lostRecords } = measurement;
  if (cold || fidelity === "fast" || requests < FEW || errors > 0 || lostRecords > 0) return undefined;
  const runs = relevantRuns(await readRuns(app), target).filter((run) => !run.cold && run.setupId !== setupId);
  if (runs.length === 0) return undefined;
  const { profile, setups } = profileOf(app, runs);
  const { latency, costPerMillion } = evaluate(profile, setup);
  const prediction: Prediction = {
    at: measurement.at,
    setup,
    setupId,
    target,
    learnedFrom: setups,
    predicted: { latency, costPerMillion },
    measured: valuesOf(measurement),
    requests,
  };
  await appendPrediction(app, prediction);
  return prediction;
}

export function valuesOf({ latency: { mean, p50, p95 }, costPerMillion }: Measurement): PredictedValues {
  return { latency: { mean, p50, p95 }, costPerMillion };
}

/** predicted / measured - 1, as shares. */
export function errorsOf({ predicted, measured }: Prediction): { mean: number; p50: number; p95: number; cost: number } {
  const error = (a: number, b: number) => (b > 0 ? a / b - 1 : 0);
  return {
    mean: error(predicted.latency.mean, measured.latency.mean),
    p50: error(predicted.latency.p50, measured.latency.p50),
    p95: error(predicted.latency.p95, measured.latency.p95),
    cost: error(predicted.costPerMillion, measured.costPerMillion),
  };
}
