/** An amount, rounded to hundredths of its currency. */
export interface Money {
  /** Three letters, ISO 4217. */
  currency: string;
  amount: number;
}

/** @param currency ISO 4217 */
export function money(currency: string, amount: number): Money {
  return { currency, amount: Math.round(amount * 100) / 100 };
}

/** The sum of amounts that are all in one currency. */
export function total(currency: string, amounts: Money[]): Money {
  return money(
    currency,
    amounts.reduce((sum, { amount }) => sum + amount, 0),
  );
}
