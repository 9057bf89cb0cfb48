import { task } from "fusionize";
import type { Order } from "./order.ts";
import { countPrimes } from "./work.ts";

export const shipOrder = task("shipOrder", async ({ userId, items }: Order) => {
  return { trackingId: `${userId}-${items.length}-${countPrimes()}` };
});
