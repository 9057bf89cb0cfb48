/**
 * Repeated trials with printed seeds. Each leaves a line for the table (`docs/reliability.md`): what was tried, how often, what happened.
 * `FUSIONIZE_LONG=1` runs the long numbers; `FUSIONIZE_SEED=N` repeats one trial.
 */
import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "vitest";
import { mulberry32 } from "../../extension/optimizer/random.ts";

export interface Outcome {
  kind: "fault" | "load" | "semantics";
  /** What was done. */
  fault: string;
  /** What was checked after each trial. */
  holds: string;
  tries: number;
  failed: number;
  firstSeed: number;
  /** A sentence on what was seen: numbers, bounds. */
  seen: string;
  seconds: number;
}

export interface Trial {
  kind: Outcome["kind"];
  fault: string;
  holds: string;
  short: number;
  long: number;
  /** Seconds for one trial. */
  limit: number;
  /** @returns what was seen, for the table; the last one is kept. @throws when an invariant does not hold. */
  run: (seed: number, random: () => number) => Promise<string>;
}

export const OUTCOMES = join(import.meta.dirname, "../artifacts/reliability.jsonl");
const long = process.env["FUSIONIZE_LONG"] === "1";
const only = process.env["FUSIONIZE_SEED"];
const FIRST_SEED = 1;

export function trial({ kind, fault, holds, short, long: many, limit, run }: Trial): void {
  const seeds =
    only === undefined ? Array.from({ length: long ? many : short }, (_, index) => FIRST_SEED + index) : [Number(only)];
  test(`${fault}: ${holds}`, { timeout: limit * 1000 * seeds.length }, async () => {
    const began = performance.now();
    let failed = 0;
    let seen = "";
    const failures: Error[] = [];
    for (const seed of seeds) {
      try {
        seen = await run(seed, mulberry32(seed));
      } catch (error) {
        failed += 1;
        failures.push(new Error(`with FUSIONIZE_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`));
      }
    }
    const outcome: Outcome = {
      kind,
      fault,
      holds,
      tries: seeds.length,
      failed,
      firstSeed: seeds[0]!,
      seen,
      seconds: Math.round((performance.now() - began) / 100) / 10,
    };
    mkdirSync(dirname(OUTCOMES), { recursive: true });
    appendFileSync(OUTCOMES, `${JSON.stringify(outcome)}\n`);
    if (failures.length > 0)
      throw failures.length === 1
        ? failures[0]!
        : new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
  });
}
