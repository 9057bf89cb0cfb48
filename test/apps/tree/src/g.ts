import { task } from "fusionize";
import type { TreeEvent } from "./event.ts";
import { countDownTwice } from "./work.ts";

export const G = task("G", async (_event: TreeEvent) => {
  await countDownTwice();
});
