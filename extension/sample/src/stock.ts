import { task } from "fusionize";
import type { Item } from "./item.ts";

/** Asks the warehouse: mostly waiting, as for any service elsewhere. */
export const stock = task("stock", async (items: Item[]) => {
  await new Promise((answered) => setTimeout(answered, 15));
  return items.filter(({ count }) => count > 0);
});
