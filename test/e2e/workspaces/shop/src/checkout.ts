import { task } from "fusionize";
import { payment } from "./payment.ts";
import { price } from "./price.ts";
import { receipt } from "./receipt.ts";

export const checkout = task("checkout", async (order: { items: number[] }) => {
  const total = await price(order.items);
  await payment({ total });
  await receipt.async({ total });
  return { total };
});
