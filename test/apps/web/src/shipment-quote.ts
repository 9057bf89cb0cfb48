import { task } from "fusionize";
import type { CartItem } from "./cart.ts";
import { money } from "./money.ts";

/** US dollars. */
const [BASE, PER_PIECE] = [4.99, 1.2];

export const shipmentQuote = task("shipmentQuote", async ({ items }: { items: CartItem[] }) => {
  const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return { price: money("USD", BASE + PER_PIECE * pieces) };
});
