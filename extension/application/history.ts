/**
 * `.fusionize/` beside `fusionize.json`: measurements and records as append-only JSON lines, keyed by setup id and source
 * hash; shared by editor and terminal. Half-written last lines (a crash) are skipped when reading.
 */
import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Measurement } from "../core/measurement.ts";
import type { InvocationRecord } from "../core/record.ts";
import type { FusionSetup } from "../core/setup.ts";
import { sourceFiles } from "./app.ts";
import type { App } from "./types.ts";

export interface HistoryEntry {
  sourceHash: string;
  measurement: Measurement;
}

/** What was read from the logs in one run, enough to work out the profile again. */
export interface RecordedRun {
  sourceHash: string;
  setupId: string;
  target: "local" | "aws";
  fidelity?: "aws" | "fast";
  cold: boolean;
  records: InvocationRecord[];
  reports: unknown[];
  /** Root requests as the client saw them; latency in ms. */
  requests?: { trace: string; latency: number }[];
}

const FOLDER = ".fusionize";
const HISTORY = "history.jsonl";
const RECORDS = "records.jsonl";
const PREDICTIONS = "predictions.jsonl";
const ACCEPTANCES = "acceptances.jsonl";

async function folderOf(app: Pick<App, "folder">): Promise<string> {
  const folder = join(app.folder, FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, ".gitignore"), "*\n", { flag: "wx" }).catch(() => {});
  return folder;
}

async function lines<T>(path: string): Promise<T[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    if (!line) return [];
    try {
      return [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}

async function append(path: string, value: unknown): Promise<void> {
  // A leading newline separates it from a line that an earlier crash cut off; empty lines are skipped when reading.
  await appendFile(path, `\n${JSON.stringify(value)}\n`);
}

/** Hash of all sources of the app: measurements of other sources say nothing about these. */
export async function sourceHash(app: App): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await sourceFiles(app.folder, app.config?.tasks ?? [])) {
    hash
      .update(file)
      .update("\0")
      .update(await readFile(join(app.folder, file)).catch(() => ""))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

export async function appendMeasurement(app: App, measurement: Measurement): Promise<void> {
  await append(join(await folderOf(app), HISTORY), { sourceHash: await sourceHash(app), measurement } satisfies HistoryEntry);
}

/** Oldest first. */
export async function readHistory(app: App): Promise<HistoryEntry[]> {
  return lines<HistoryEntry>(join(app.folder, FOLDER, HISTORY));
}

export async function appendRun(app: App, run: Omit<RecordedRun, "sourceHash">): Promise<void> {
  await append(join(await folderOf(app), RECORDS), { sourceHash: await sourceHash(app), ...run } satisfies RecordedRun);
}

/** What was predicted of a setup before it was measured, and what was measured. Latency in ms, cost in US dollars per million requests. */
export interface Prediction {
  /** ISO 8601. */
  at: string;
  setup: FusionSetup;
  setupId: string;
  target: "local" | "aws";
  /** Ids of the setups that the prediction was learned from. */
  learnedFrom: string[];
  predicted: PredictedValues;
  measured: PredictedValues;
  /** Measured requests. */
  requests: number;
}

export interface PredictedValues {
  latency: { mean: number; p50: number; p95: number };
  costPerMillion: number;
}

export async function appendPrediction(app: App, prediction: Prediction): Promise<void> {
  await append(join(await folderOf(app), PREDICTIONS), { sourceHash: await sourceHash(app), prediction });
}

/** Oldest first. */
export async function readPredictions(app: App): Promise<Prediction[]> {
  return (await lines<{ prediction: Prediction }>(join(app.folder, FOLDER, PREDICTIONS))).map(({ prediction }) => prediction);
}

/** One setup that was accepted, and what became of it. */
export interface Acceptance {
  /** ISO 8601. */
  at: string;
  target: "local" | "aws";
  old: { setup: FusionSetup; setupId: string };
  new: { setup: FusionSetup; setupId: string };
  verdict: "better" | "worse" | "no difference";
  reasons: string[];
  /** Shares, new against old, from blocks measured after the decision; absent where there were none. */
  effect?: { latency: number; cost: number };
  requests: number;
  voids: number;
}

export async function appendAcceptance(app: App, acceptance: Acceptance): Promise<void> {
  await append(join(await folderOf(app), ACCEPTANCES), { sourceHash: await sourceHash(app), acceptance });
}

/** Of the sources as they are now, oldest first. */
export async function readAcceptances(app: App): Promise<Acceptance[]> {
  const now = await sourceHash(app);
  const all = await lines<{ sourceHash: string; acceptance: Acceptance }>(join(app.folder, FOLDER, ACCEPTANCES));
  return all.filter(({ sourceHash: hash }) => hash === now).map(({ acceptance }) => acceptance);
}

/** Runs of the sources as they are now, oldest first. */
export async function readRuns(app: App): Promise<RecordedRun[]> {
  const now = await sourceHash(app);
  return (await lines<RecordedRun>(join(app.folder, FOLDER, RECORDS))).filter((run) => run.sourceHash === now);
}
