import { task } from "fusionize";
import type { Item } from "./item.ts";
import { payment } from "./payment.ts";
import { price } from "./price.ts";
import { receipt } from "./receipt.ts";
import { stock } from "./stock.ts";

/** The task that clients invoke. Calls with `await task(…)` wait for the result, `task.async(…)` only until the event is accepted. */
export const checkout = task("checkout", async (order: { customer: string; items: Item[] }) => {
  const available = await stock(order.items);
  const { total } = await price(available);
  const { reference } = await payment({ customer: order.customer, total });
  await receipt.async({ customer: order.customer, total, reference });
  return { total, reference, items: available.length };
});
