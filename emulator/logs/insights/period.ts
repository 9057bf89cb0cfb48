import { malformed } from "./syntax-error.ts";
import type { Tokens } from "./tokens.ts";

/** A span of time to round to: a fixed number of milliseconds, or a number of calendar months. */
export type Period = { readonly ms: number } | { readonly months: number };

const UNITS: readonly { names: readonly string[]; ms?: number; months?: number; most?: number }[] = [
  { names: ["millisecond", "ms", "msec"], ms: 1, most: 1000 },
  { names: ["second", "s", "sec"], ms: 1000, most: 60 },
  { names: ["minute", "m", "min"], ms: 60_000, most: 60 },
  { names: ["hour", "h", "hr"], ms: 3_600_000, most: 24 },
  { names: ["day", "d"], ms: 86_400_000 },
  { names: ["week", "w"], ms: 604_800_000 },
  { names: ["month", "mo", "mon"], months: 1 },
  { names: ["quarter", "q", "qtr"], months: 3 },
  { names: ["year", "y", "yr"], months: 12 },
];

export const isPeriodFunction = (name: string) => name === "bin" || name === "datefloor" || name === "dateceil";

/** Parses a number and a unit; the service takes at most 1000 ms, 60 s, 60 m and 24 h for what is more of them. */
export function parsePeriod(tokens: Tokens): Period {
  const number = tokens.peek();
  if (number.kind !== "number") throw tokens.unexpected("a period such as 5m");
  tokens.next();
  const name = tokens.name();
  const text = name.text.toLowerCase();
  const unit = UNITS.find(({ names }) =>
    names.some((candidate) => candidate === text || (candidate.length > 1 && `${candidate}s` === text)),
  );
  const count = Number(number.text);
  if (!unit || count <= 0) throw malformed(`unknown period '${number.text}${name.text}'`, number.start, name.end);
  const capped = Math.min(count, unit.most ?? count);
  return unit.ms === undefined ? { months: capped * (unit.months as number) } : { ms: capped * unit.ms };
}

/** Rounds a time (epoch milliseconds) down to a period, or up if `up`. */
export function roundTime(time: number | undefined, period: Period, up: boolean): Date | undefined {
  if (time === undefined) return undefined;
  if ("ms" in period) {
    const down = Math.floor(time / period.ms) * period.ms;
    return new Date(up && down < time ? down + period.ms : down);
  }
  const date = new Date(time);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
  const first = Math.floor(months / period.months) * period.months;
  const down = Date.UTC(Math.floor(first / 12), first % 12);
  return new Date(up && down < time ? Date.UTC(Math.floor((first + period.months) / 12), (first + period.months) % 12) : down);
}
