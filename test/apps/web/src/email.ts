import { task } from "fusionize";
import type { Order } from "./order.ts";
import { countDown } from "./work.ts";

/** Writes the confirmation; sending it is left out. */
export const email = task("email", async ({ to, order }: { to: string; order: Order }) => {
  await countDown(1);
  return { to, text: `${order.items.length} products, ${order.total.amount} ${order.total.currency}. Thank you!` };
});
