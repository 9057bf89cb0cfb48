import { task } from "fusionize";
import { B } from "./b.ts";
import { C } from "./c.ts";
import type { TreeEvent } from "./event.ts";

/** Entry: the asynchronous half of the tree is started, the synchronous half waited for. */
export const A = task("A", async (event: TreeEvent) => {
  const started = C.async(event);
  const result = await B(event);
  await started;
  return { ...result, path: ["A", ...result.path] };
});
