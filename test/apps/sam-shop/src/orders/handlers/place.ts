import { ask, FunctionFailed, tell } from "@lib/invoke";
import { save, type Item } from "@lib/orders";

interface Order {
  id: string;
  customer: string;
  card: string;
  items: Item[];
}

const { STOCK_FUNCTION, CHARGE_FUNCTION, RESERVE_FUNCTION, RECEIPT_FUNCTION } = process.env;

const answer = (statusCode: number, body: unknown) => ({ statusCode, body: JSON.stringify(body) });

export const handler = async (event: { body: string }) => {
  const order = JSON.parse(event.body) as Order;
  if (order.items.length > Number(process.env.MOST_ITEMS)) return answer(400, { error: "Too many items." });
  const { missing } = await ask<{ missing: string[] }>(STOCK_FUNCTION, { items: order.items });
  if (missing.length > 0) return answer(409, { missing });
  try {
    const prices = await Promise.all(order.items.map((item) => ask<{ amount: number }>(process.env.PRICE_FUNCTION, item)));
    const total = prices.reduce((sum, { amount }) => sum + amount, 0);
    const { charge } = await ask<{ charge: string }>(CHARGE_FUNCTION, { card: order.card, total });
    await save(order.id, order.customer, total);
    const accepted = await Promise.all([
      tell(RECEIPT_FUNCTION, { order: order.id, customer: order.customer, total }),
      tell(RESERVE_FUNCTION, { order: order.id, items: order.items }),
      tell(process.env.AUDIT_FUNCTION, { id: `order-${order.id}`, charge }),
    ]);
    return answer(201, { order: order.id, total, accepted });
  } catch (error) {
    if (error instanceof FunctionFailed) return answer(402, { error: error.type, message: error.message });
    throw error;
  }
};
