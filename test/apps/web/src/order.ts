import type { CartItem } from "./cart.ts";
import type { Money } from "./money.ts";

export interface Order {
  userId: string;
  items: CartItem[];
  shipping: Money;
  total: Money;
}
