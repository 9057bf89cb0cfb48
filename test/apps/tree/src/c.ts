import { task } from "fusionize";
import type { TreeEvent } from "./event.ts";
import { F } from "./f.ts";
import { G } from "./g.ts";
import { countDownTwice } from "./work.ts";

export const C = task("C", async (event: TreeEvent) => {
  const started = [F.async(event), G.async(event)];
  await countDownTwice();
  await Promise.all(started);
});
