import { task } from "fusionize";
import type { Cart } from "./cart.ts";
import { cartKvStorage } from "./cart-kv-storage.ts";

export const getCart = task("getCart", async ({ userId }: { userId: string }): Promise<Cart> => {
  const items = await cartKvStorage({ operation: "get", userId });
  return { userId, items: items.filter(({ quantity }) => quantity > 0) };
});
