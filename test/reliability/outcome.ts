/** What became of one kind of trial; a row of `docs/reliability.md`. */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

export interface Outcome {
  kind: "fault" | "aws" | "load" | "semantics" | "fuzz" | "security" | "editor";
  /** What was done. */
  fault: string;
  /** What was checked after each try. */
  holds: string;
  tries: number;
  failed: number;
  /** Tries take seeds from here on, one each; a fuzzer draws all its inputs from this one. Absent where nothing is drawn. */
  firstSeed?: number;
  /** What was seen in the last try: numbers, bounds. */
  seen: string;
  seconds: number;
  /** Why nothing was tried: what this machine does not allow. */
  skipped?: string;
}

/** Adds a row to the file that `npm run reliability` names; without one (plain vitest) nobody asked for rows. */
export function record(outcome: Outcome): void {
  const path = process.env["FUSIONIZE_OUTCOMES"];
  if (!path) return;
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(outcome)}\n`);
}
