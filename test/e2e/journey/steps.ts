/** A journey is a list of steps that build on each other: after one that fails the rest is not reached. */
import type { Outcome } from "../outcome.ts";

export interface Step {
  title: string;
  run: () => Promise<void>;
}

export async function walk(steps: Step[], onFailure: (title: string) => Promise<void>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let broken: string | undefined;
  for (const { title, run } of steps) {
    if (broken) {
      outcomes.push({ title, state: "failed", error: `Not reached: “${broken}” failed.` });
      continue;
    }
    const start = performance.now();
    try {
      await run();
      outcomes.push({ title, state: "passed", ms: Math.round(performance.now() - start) });
    } catch (error) {
      broken = title;
      await onFailure(title).catch(() => {});
      outcomes.push({ title, state: "failed", error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  return outcomes;
}

/** Asks again until the check passes; after the deadline its last complaint is the error. */
export async function eventually(check: () => Promise<void> | void, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
