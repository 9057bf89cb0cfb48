import { task } from "fusionize";
import { listProducts } from "./list-products.ts";

export const getProduct = task("getProduct", async ({ productId }: { productId: string }) => {
  const { products } = await listProducts();
  const found = products.find(({ id }) => id === productId);
  if (!found) throw new Error(`There is no product ${productId}.`);
  return found;
});
