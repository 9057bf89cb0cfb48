import { task } from "fusionize";
import type { CartItem } from "./cart.ts";
import { deleteItem, putItem, queryItems } from "./cart-table.ts";
import { countPrimes } from "./work.ts";

export type CartOperation =
  | { operation: "add"; userId: string; item: CartItem }
  | { operation: "get"; userId: string }
  | { operation: "empty"; userId: string };

/** The only task that touches the table. It answers with what is in the cart, where that was asked for. */
export const cartKvStorage = task("cartKvStorage", async (event: CartOperation): Promise<CartItem[]> => {
  if (event.operation === "get") return await queryItems(event.userId);
  if (event.operation === "add") {
    await putItem(event.userId, event.item);
    countPrimes();
    return [];
  }
  const items = await queryItems(event.userId);
  await Promise.all(items.map(async ({ productId }) => await deleteItem(event.userId, productId)));
  return [];
});
