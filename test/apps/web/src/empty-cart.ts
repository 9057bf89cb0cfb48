import { task } from "fusionize";
import { cartKvStorage } from "./cart-kv-storage.ts";

export const emptyCart = task("emptyCart", async ({ userId }: { userId: string }) => {
  await cartKvStorage.async({ operation: "empty", userId });
  return { accepted: true };
});
