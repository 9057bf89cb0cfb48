import { task } from "fusionize";

let running = 0;

/** May not overlap with itself in one process. @returns whether it did. */
export const alone = task("alone", async (again: number): Promise<number> => {
  running++;
  const together = running;
  await new Promise((resolve) => setTimeout(resolve, 5));
  // While it holds its turn, it comes back to itself through another task.
  const deeper = again > 0 ? await company(again - 1) : 0;
  const overlap = Math.max(together, running);
  running--;
  return Math.max(overlap, deeper);
});

export const company = task("company", async (again: number): Promise<number> => await alone(again));

/** Entry. */
export const turns = task("turns", async () => {
  const parallel = await Promise.all([0, 0, 0, 1].map((again) => alone(again)));
  return { overlap: Math.max(...parallel) };
});
