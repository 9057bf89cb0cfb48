/** Numbers of the report: three significant figures for ms, two decimals for dollars. */
import type { Interval } from "../statistics.ts";
import type { Ratio } from "../results.ts";

export const ms = (value: number): string => (value >= 1000 ? value.toFixed(0) : value.toPrecision(3));
export const usd = (value: number): string => value.toFixed(2);
export const percent = (share: number, decimals = 0): string => `${(share * 100).toFixed(decimals)} %`;

/** `−62 % (−65 to −58)`: change that a ratio means, with its interval. */
export function change({ value, low, high }: Ratio): string {
  const sign = (ratio: number) => {
    const points = Math.round((ratio - 1) * 100);
    return points < 0 ? `−${-points}` : points > 0 ? `+${points}` : "±0";
  };
  return `${sign(value)} % (${sign(low)} to ${sign(high)})`;
}

export const range = ({ low, high }: Interval, format: (value: number) => string): string => `${format(low)}–${format(high)}`;

export function table(head: string[], rows: string[][], alignRight = true): string {
  const rule = head.map((_, index) => (index === 0 || !alignRight ? "---" : "---:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
