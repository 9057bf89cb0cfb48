/** A line of a cart. A product is in a cart once, so that an event that comes twice adds nothing. */
export interface CartItem {
  productId: string;
  quantity: number;
}

export interface Cart {
  userId: string;
  items: CartItem[];
}

/** The cart with this line in it, whether or not it has been stored yet. */
export function withItem({ userId, items }: Cart, { productId, quantity }: CartItem): Cart {
  const others = items.filter((item) => item.productId !== productId);
  const all = [...others, { productId, quantity }];
  return { userId, items: all.sort((a, b) => (a.productId < b.productId ? -1 : 1)) };
}
