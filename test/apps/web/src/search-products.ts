import { task } from "fusionize";
import { listProducts } from "./list-products.ts";

export const searchProducts = task("searchProducts", async ({ query }: { query: string }) => {
  const { products } = await listProducts();
  const wanted = query.toLowerCase();
  return { products: products.filter(({ name }) => name.toLowerCase().includes(wanted)) };
});
