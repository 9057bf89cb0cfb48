import { task } from "fusionize";
import type { Money } from "./money.ts";
import { countPrimes } from "./work.ts";

interface Charge {
  total: Money;
  card: { number: string; year: number; month: number };
}

/** Part of the shop, but nothing calls it, as in the original. */
export const payment = task("payment", async ({ total, card }: Charge) => {
  if (!/^\d{13,19}$/.test(card.number)) throw new Error("The card's number is not valid.");
  return { transactionId: `${card.number.slice(-4)}-${total.amount}-${countPrimes()}` };
});
