import { task } from "fusionize";
import { E } from "./e.ts";
import type { TreeEvent } from "./event.ts";
import { sleep } from "./work.ts";

export const D = task("D", async (event: TreeEvent) => {
  const result = await E(event);
  await sleep();
  return { ...result, path: ["D", ...result.path] };
});
