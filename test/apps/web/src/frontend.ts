import { task } from "fusionize";
import { addCartItem } from "./add-cart-item.ts";
import { withItem, type CartItem } from "./cart.ts";
import { checkout, type CheckoutRequest } from "./checkout.ts";
import { currency } from "./currency.ts";
import { emptyCart } from "./empty-cart.ts";
import { getAds } from "./get-ads.ts";
import { getCart } from "./get-cart.ts";
import { listProducts } from "./list-products.ts";
import { listRecommendations } from "./list-recommendations.ts";
import { shipmentQuote } from "./shipment-quote.ts";
import { supportedCurrencies } from "./supported-currencies.ts";

type Request =
  | { operation: "get"; userId: string; currency: string }
  | { operation: "cart" | "emptycart"; userId: string }
  | ({ operation: "checkout" } & CheckoutRequest)
  | ({ operation: "addcart"; userId: string } & CartItem);

/** Entry of the shop: each page and each button of it is one operation. */
export const frontend = task("frontend", async (request: Request) => {
  const { userId } = request;
  switch (request.operation) {
    case "get":
      return await homePage(userId, request.currency);
    case "cart": {
      const cart = await getCart({ userId });
      const { price } = await shipmentQuote({ items: cart.items });
      return { cart, shipping: price };
    }
    case "checkout":
      await checkout.async({ userId, currency: request.currency, email: request.email });
      return { accepted: true };
    case "addcart": {
      const item = { productId: request.productId, quantity: request.quantity };
      await addCartItem.async({ userId, ...item });
      // The item may or may not be stored by now: either way the user sees it.
      return { cart: withItem(await getCart({ userId }), item) };
    }
    case "emptycart":
      await emptyCart.async({ userId });
      return { accepted: true };
    default:
      throw new Error(`The shop has no operation ${JSON.stringify((request as { operation?: unknown }).operation)}.`);
  }
});

async function homePage(userId: string, to: string) {
  const { currencies } = await supportedCurrencies();
  const { products } = await listProducts();
  const priced = await Promise.all(
    products.map(async (product) => ({ ...product, price: await currency({ from: product.price, to }) })),
  );
  const { ads } = await getAds({ userId });
  const cart = await getCart({ userId });
  const { productIds } = await listRecommendations({ productIds: cart.items.map(({ productId }) => productId) });
  return { currencies, products: priced, ads, cart, recommendations: productIds };
}
