/**
 * Repeated trials with printed seeds. Each leaves a row for the table (`docs/reliability.md`): what was tried, how often, what happened.
 * `FUSIONIZE_LONG=1` runs the long numbers; `FUSIONIZE_SEED=N` repeats one trial.
 */
import { test } from "vitest";
import { mulberry32 } from "../../extension/optimizer/random.ts";
import { record, type Outcome } from "./outcome.ts";

export interface Trial {
  kind: Outcome["kind"];
  fault: string;
  holds: string;
  /** Tries in the short form. */
  short: number;
  /** Tries in the long form. */
  long: number;
  /** Seconds for one trial. */
  limit: number;
  /** Tries at once in the long form; only where one does not disturb another. */
  atOnce?: number;
  /** Why this cannot be tried on this machine. */
  skip?: string | undefined;
  /** @returns what was seen, for the table; the last one is kept. @throws when an invariant does not hold. */
  run: (seed: number, random: () => number) => Promise<string>;
}

export const long = process.env["FUSIONIZE_LONG"] === "1";
const only = process.env["FUSIONIZE_SEED"];
const FIRST_SEED = 1;
/** Failures kept word by word; more of them say nothing new. */
const TOLD = 5;

export function trial({ kind, fault, holds, short, long: many, limit, atOnce = 1, skip, run }: Trial): void {
  const title = `${fault}: ${holds}`;
  if (skip !== undefined) {
    test.skip(`${title} (not tried: ${skip})`);
    record({ kind, fault, holds, tries: 0, failed: 0, seen: "", seconds: 0, skipped: skip });
    return;
  }
  const seeds =
    only === undefined ? Array.from({ length: long ? many : short }, (_, index) => FIRST_SEED + index) : [Number(only)];
  test(title, { timeout: limit * 1000 * seeds.length }, async () => {
    const began = performance.now();
    let failed = 0;
    let seen = "";
    const failures: Error[] = [];
    const queue = [...seeds];
    const lane = async (): Promise<void> => {
      for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
        try {
          seen = await run(seed, mulberry32(seed));
        } catch (error) {
          failed += 1;
          const message = error instanceof Error ? error.message : String(error);
          if (failures.length < TOLD) failures.push(new Error(`with FUSIONIZE_SEED=${seed}: ${message}`, { cause: error }));
        }
      }
    };
    await Promise.all(Array.from({ length: long ? atOnce : 1 }, lane));
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    record({ kind, fault, holds, tries: seeds.length, failed, firstSeed: seeds[0]!, seen, seconds });
    if (failures.length > 0)
      throw failures.length === 1
        ? failures[0]!
        : new AggregateError(failures, failures.map(({ message }) => message).join("\n"));
  });
}
