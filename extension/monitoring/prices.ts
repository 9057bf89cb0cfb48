/**
 * What Lambda costs, US dollars. AWS's public price list for eu-central-1 and us-east-1, first tier, read November 2026.
 * Duration is billed per ms, INIT included for all runtimes since August 2025. Free tiers and ephemeral storage beyond 512 MB are left out.
 */
export interface Prices {
  /** Per GB (1024 MB) and ms. */
  perGbMs: number;
  /** Per request, whatever its duration. */
  perRequest: number;
}

export const PRICES_DATE = "2026-11";

export const PRICES: Record<"x86_64" | "arm64", Prices> = {
  x86_64: { perGbMs: 1.66667e-8, perRequest: 2e-7 },
  arm64: { perGbMs: 1.33334e-8, perRequest: 2e-7 },
};

export const DEFAULT_PRICES = PRICES.x86_64;
