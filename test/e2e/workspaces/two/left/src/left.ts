import { task } from "fusionize";

export const left = task("left", async () => "left");
