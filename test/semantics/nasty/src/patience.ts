import { task } from "fusionize";
import { effect } from "./effects.ts";
import { told } from "./fail.ts";
import { note } from "./spread.ts";

/** Takes longer than it may. What it does after its time must not be seen. */
export const sleepy = task("sleepy", async (ms: number) => {
  await new Promise((resolve) => setTimeout(resolve, ms));
  await note(`sleepy after ${ms}`);
  return "awake";
});

/** Keeps the thread busy for longer than it may. */
export const stubborn = task("stubborn", async (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return "done";
});

/** Entry: waits for a task that takes too long, whose timeout is far shorter than its own. */
export const patience = task("patience", async (what: "quick" | "late" | "busy") => {
  if (what === "quick") return await told(sleepy(1));
  if (what === "busy") return await told(stubborn(500));
  const late = await told(sleepy(600));
  await new Promise((resolve) => setTimeout(resolve, 400));
  await effect("patience has ended");
  return late;
});
