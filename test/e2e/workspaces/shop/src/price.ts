import { task } from "fusionize";

export const price = task("price", async (items: number[]) => items.reduce((sum, item) => sum + item, 0));
