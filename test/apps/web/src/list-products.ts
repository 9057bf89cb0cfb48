import { task } from "fusionize";
import { PRODUCTS } from "./catalogue.ts";

export const listProducts = task("listProducts", async () => ({ products: PRODUCTS }));
