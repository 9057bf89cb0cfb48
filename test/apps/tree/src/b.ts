import { task } from "fusionize";
import { D } from "./d.ts";
import type { TreeEvent } from "./event.ts";
import { sleep } from "./work.ts";

export const B = task("B", async (event: TreeEvent) => {
  const result = await D(event);
  await sleep();
  return { ...result, path: ["B", ...result.path] };
});
