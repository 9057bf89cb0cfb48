import type { Row } from "./row.ts";
import { type Value, compareValues, toNumber, toText } from "./value.ts";

/** Gathers the values of one group. */
export interface Aggregate {
  /** `value` is undefined for rows without the field, and for `count(*)`, which has no argument. */
  add(value: Value, row: Row): void;
  result(): Value;
}

function ofNumbers(
  initial: number,
  step: (state: number, value: number) => number,
  end = (state: number, count: number): Value => (count > 0 ? state : undefined),
) {
  return (): Aggregate => {
    let state = initial;
    let count = 0;
    return {
      add(value) {
        const number = toNumber(value);
        if (number === undefined) return;
        count++;
        state = step(state, number);
      },
      result: () => end(state, count),
    };
  };
}

/** Keeps the value that wins against the one kept so far. */
function best(wins: (candidate: Value, kept: Value) => boolean) {
  return (): Aggregate => {
    let kept: Value;
    return {
      add(value) {
        if (value !== undefined && (kept === undefined || wins(value, kept))) kept = value;
      },
      result: () => kept,
    };
  };
}

/** Keeps the value of the row that wins by its time. */
function byTime(wins: (time: number, kept: number) => boolean) {
  return (): Aggregate => {
    let kept: Value;
    let at: number | undefined;
    return {
      add(value, row) {
        const time = toNumber(row.get("@timestamp"));
        if (value === undefined || time === undefined || (at !== undefined && !wins(time, at))) return;
        kept = value;
        at = time;
      },
      result: () => kept,
    };
  };
}

/** The value below which `percent` of the values lie: the nearest rank. */
function percentile(percent = 50): Aggregate {
  const values: number[] = [];
  return {
    add(value) {
      const number = toNumber(value);
      if (number !== undefined) values.push(number);
    },
    result() {
      values.sort((a, b) => a - b);
      return values[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)];
    },
  };
}

function distinct(result: (seen: Map<string, Value>) => Value) {
  return (): Aggregate => {
    const seen = new Map<string, Value>();
    return {
      add(value) {
        const text = toText(value);
        if (text !== undefined) seen.set(text, value);
      },
      result: () => result(seen),
    };
  };
}

/** Welford's running variance: exact for long runs of large values. */
function variance(end: (variance: number) => number) {
  return (): Aggregate => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    return {
      add(value) {
        const number = toNumber(value);
        if (number === undefined) return;
        count++;
        const delta = number - mean;
        mean += delta / count;
        squares += delta * (number - mean);
      },
      result: () => (count > 0 ? end(squares / count) : undefined),
    };
  };
}

function count(): Aggregate {
  let rows = 0;
  return {
    add(value) {
      if (value !== undefined) rows++;
    },
    result: () => rows,
  };
}

const countDistinct = distinct((seen) => seen.size);

/** By lower-case name; the parameter is the second argument, the percentage of `pct`. */
export const AGGREGATES: Readonly<Record<string, (parameter: number | undefined) => Aggregate>> = {
  count,
  count_distinct: countDistinct,
  countdistinct: countDistinct,
  avg: ofNumbers(
    0,
    (sum, value) => sum + value,
    (sum, found) => (found > 0 ? sum / found : undefined),
  ),
  sum: ofNumbers(0, (sum, value) => sum + value),
  min: best((candidate, kept) => compareValues(candidate, kept) < 0),
  max: best((candidate, kept) => compareValues(candidate, kept) > 0),
  pct: percentile,
  percentile,
  median: () => percentile(50),
  stddev: variance(Math.sqrt),
  variance: variance((value) => value),
  earliest: byTime((time, kept) => time < kept),
  latest: byTime((time, kept) => time > kept),
  sortsfirst: best((candidate, kept) => compareValues(candidate, kept) < 0),
  sortslast: best((candidate, kept) => compareValues(candidate, kept) > 0),
  values: distinct((seen) => [...seen.values()]),
};
