import { task } from "fusionize";
import { money, type Money } from "./money.ts";
import { RATES } from "./rates.ts";

/** Converts an amount. */
export const currency = task("currency", async ({ from, to }: { from: Money; to: string }): Promise<Money> => {
  const [rate, target] = [RATES[from.currency], RATES[to]];
  if (rate === undefined || target === undefined) {
    throw new RangeError(`There is no rate from ${from.currency} to ${to}.`);
  }
  return money(to, (from.amount / rate) * target);
});
