/** Tasks that call each other and go wrong as they are told: the event is the plan. */
import { task } from "fusionize";
import type { Step } from "./step.ts";

const SYNC = 6 * 1024 * 1024;

async function effect(key: string): Promise<void> {
  // What a function that was ended by force still does, the test must not count.
  await fetch(process.env["EFFECTS_URL"] ?? "", { method: "POST", headers: { "x-source": import.meta.url }, body: key });
}

async function told(work: Promise<unknown>): Promise<unknown> {
  try {
    return { result: await work };
  } catch (error) {
    if (!(error instanceof Error)) return { notAnError: typeof error };
    // The name of a function's next attempt is not the same: only what a task could act on.
    return {
      name: error.name,
      message: error.message.replaceAll(/RequestId: [0-9a-f-]{36}/g, "RequestId: …"),
      keys: Object.keys(error),
    };
  }
}

async function follow(steps: Step[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (const step of steps) {
    const sent = step.fault === "over" ? { ...step, padding: "x".repeat(SYNC) } : step;
    if (step.to === "left") seen.push(await told(step.kind === "sync" ? left(sent) : left.async(sent)));
    else seen.push(await told(step.kind === "sync" ? right(sent) : right.async(sent)));
  }
  return seen;
}

async function goWrong({ fault, ms }: Step): Promise<unknown> {
  if (fault === "throw") throw new RangeError("told so");
  if (fault === "text") throw "only text";
  if (fault === "late") await new Promise((resolve) => setTimeout(resolve, ms));
  if (fault === "too much") return "x".repeat(SYNC + 200);
  if (fault === "exit") process.exit(3);
  if (fault === "memory") {
    const held: Buffer[] = [];
    for (;;) held.push(Buffer.alloc(32 * 1024 * 1024, 1));
  }
  if (fault === "cyclic") {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    return circle;
  }
  return undefined;
}

async function perform(step: Step): Promise<unknown> {
  if (step.kind === "async") await effect(`${step.id} begun`);
  if (step.when === "before") {
    const wrong = await goWrong(step);
    if (wrong !== undefined) return wrong;
  }
  const seen = await follow(step.calls);
  if (step.when === "after") {
    const wrong = await goWrong(step);
    if (wrong !== undefined) return wrong;
  }
  if (step.kind === "async") await effect(`${step.id} done`);
  return { id: step.id, seen };
}

export const left = task("left", async (step: Step) => await perform(step));

export const right = task("right", async (step: Step) => await perform(step));

/** Entry. */
export const plan = task("plan", async (steps: Step[]) => await follow(steps));
