/** The shop's products: constants, as they are in the original. */
import { money, type Money } from "./money.ts";

export interface Product {
  id: string;
  name: string;
  price: Money;
  categories: string[];
}

const product = (id: string, name: string, dollars: number, ...categories: string[]): Product => ({
  id,
  name,
  price: money("USD", dollars),
  categories,
});

export const PRODUCTS: Product[] = [
  product("BENCH", "Garden bench", 129, "garden"),
  product("BULB", "Light bulb", 4.5, "light"),
  product("CHAIR", "Desk chair", 89.9, "office"),
  product("CLOCK", "Wall clock", 24.99, "office", "kitchen"),
  product("DESK", "Standing desk", 349, "office"),
  product("KETTLE", "Electric kettle", 31.4, "kitchen"),
  product("KNIFE", "Bread knife", 18.75, "kitchen"),
  product("LAMP", "Desk lamp", 42, "office", "light"),
  product("MUG", "Mug", 8.25, "kitchen"),
  product("RUG", "Woollen rug", 75, "living room"),
  product("VASE", "Glass vase", 21.6, "living room"),
];
