import { task } from "fusionize";
import { currency } from "./currency.ts";
import { email } from "./email.ts";
import { emptyCart } from "./empty-cart.ts";
import { getCart } from "./get-cart.ts";
import { listProducts } from "./list-products.ts";
import { money, total } from "./money.ts";
import type { Order } from "./order.ts";
import { shipOrder } from "./ship-order.ts";
import { shipmentQuote } from "./shipment-quote.ts";
import { countDown } from "./work.ts";

export interface CheckoutRequest {
  userId: string;
  currency: string;
  email: string;
}

/** Turns the cart into an order. Its CPU work goes on in two threads meanwhile. */
export const checkout = task("checkout", async (request: CheckoutRequest): Promise<Order> => {
  const { userId, items } = await getCart({ userId: request.userId });
  const working = countDown(2);
  try {
    const { products } = await listProducts();
    const price = (id: string) => products.find((product) => product.id === id)?.price ?? money("USD", 0);
    const prices = await Promise.all(
      items.map(async ({ productId, quantity }) => {
        const each = await currency({ from: price(productId), to: request.currency });
        return money(request.currency, each.amount * quantity);
      }),
    );
    const quote = await shipmentQuote({ items });
    const shipping = await currency({ from: quote.price, to: request.currency });
    const order: Order = { userId, items, shipping, total: total(request.currency, [...prices, shipping]) };
    await shipOrder.async(order);
    await email.async({ to: request.email, order });
    await emptyCart.async({ userId });
    return order;
  } finally {
    await working;
  }
});
