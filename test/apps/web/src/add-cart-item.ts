import { task } from "fusionize";
import { cartKvStorage } from "./cart-kv-storage.ts";
import type { CartItem } from "./cart.ts";

/** Clients call this one directly as well. */
export const addCartItem = task("addCartItem", async ({ userId, ...item }: CartItem & { userId: string }) => {
  await cartKvStorage.async({ operation: "add", userId, item });
  return { accepted: true };
});
