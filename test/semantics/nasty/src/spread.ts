import { task } from "fusionize";
import { effect } from "./effects.ts";

/** Leaves a mark. */
export const note = task("note", async (key: string) => {
  await new Promise((resolve) => setTimeout(resolve, key.length % 3));
  await effect(`note ${key}`);
  return key;
});

/** Leaves a mark, and fails the first time. */
export const flaky = task("flaky", async (event: { key: string }) => {
  const attempt = await effect(`flaky ${event.key}`);
  const sent = event.key;
  event.key = "changed by the first attempt";
  if (attempt < 2) throw new Error(`${sent} fails at first`);
});

export const hop = task("hop", async (key: string) => {
  await note.async(`${key} > async`);
  await note(`${key} > sync`);
  await flaky.async({ key: `${key} > flaky` });
});

/** Entry: events in every way, and the same callee both ways. */
export const spread = task("spread", async (key: string) => {
  await Promise.all([1, 2, 3].map(async (number) => await note.async(`${key} ${number}`)));
  const both = await Promise.all([note(`${key} sync`), note.async(`${key} async`)]);
  await hop.async(`${key} hop`);
  await flaky.async({ key: `${key} flaky` });
  // Nobody awaits this one, and still it is not lost.
  void note.async(`${key} unawaited`);
  return [both[0], both[1] ?? null];
});

/** Entry: many calls at once keep their results apart. */
export const crowd = task("crowd", async (count: number) => {
  const keys = Array.from({ length: count }, (_, index) => `crowd ${index}`);
  return await Promise.all(keys.map((key) => note(key)));
});
