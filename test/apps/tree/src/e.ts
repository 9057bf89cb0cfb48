import { task } from "fusionize";
import type { TreeEvent } from "./event.ts";
import { sleep } from "./work.ts";

export const E = task("E", async ({ test }: TreeEvent) => {
  await sleep();
  return { test, path: ["E"] };
});
