import { task } from "fusionize";
import { listProducts } from "./list-products.ts";

/** How many are shown. */
const SHOWN = 5;

/** Products that the user has not chosen yet, of the same categories first. */
export const listRecommendations = task("listRecommendations", async ({ productIds }: { productIds: string[] }) => {
  const { products } = await listProducts();
  const chosen = products.filter(({ id }) => productIds.includes(id));
  const liked = new Set(chosen.flatMap(({ categories }) => categories));
  const others = products.filter((product) => !chosen.includes(product));
  const similar = (categories: string[]): number => (categories.some((category) => liked.has(category)) ? 0 : 1);
  return {
    productIds: others
      .toSorted((a, b) => similar(a.categories) - similar(b.categories))
      .slice(0, SHOWN)
      .map(({ id }) => id),
  };
});
