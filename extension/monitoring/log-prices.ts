/**
 * What CloudWatch Logs cost, US dollars per GB (10^9 bytes). AWS's public price list, standard class, read November 2026:
 * collecting is $0.50 (us-east-1) to $0.63 (eu-central-1), keeping about $0.03 a month for what is stored compressed to
 * about a seventh. Reading by FilterLogEvents is free. Free tiers are left out.
 */
export const LOG_PRICES = { perGbCollected: 0.63, perGbMonthKept: 0.0324, compressed: 0.15 } as const;

/** CloudWatch Logs counts these for every event besides its text, bytes. */
export const EVENT_OVERHEAD = 26;

/** US dollars for collecting `bytes` of log and keeping them for `days`. */
export function logCost(bytes: number, days: number): number {
  const { perGbCollected, perGbMonthKept, compressed } = LOG_PRICES;
  return (bytes / 1e9) * (perGbCollected + (perGbMonthKept * compressed * days) / 30);
}
