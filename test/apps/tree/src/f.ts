import { task } from "fusionize";
import type { TreeEvent } from "./event.ts";
import { countDownTwice } from "./work.ts";

export const F = task("F", async (_event: TreeEvent) => {
  await countDownTwice();
});
