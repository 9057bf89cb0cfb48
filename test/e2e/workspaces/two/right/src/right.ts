import { task } from "fusionize";

export const right = task("right", async () => "right");
