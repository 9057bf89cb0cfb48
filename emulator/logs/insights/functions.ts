import { type Value, compareValues, toNumber, toText } from "./value.ts";

/** A function of a query: its arguments' values in, its value out. Undefined stands for a missing field. */
export type QueryFunction = (...values: Value[]) => Value;

const numeric =
  (work: (...numbers: number[]) => number): QueryFunction =>
  (...values) => {
    const numbers = values.map(toNumber);
    return numbers.every((number) => number !== undefined) ? work(...numbers) : undefined;
  };

const textual =
  (work: (text: string, ...rest: Value[]) => Value): QueryFunction =>
  (first, ...rest) => {
    const text = toText(first);
    return text === undefined ? undefined : work(text, ...rest);
  };

const flag = (value: boolean): number => (value ? 1 : 0);

/** Removes characters of `set`, blanks if there is none, from the ends asked for. */
function trim(text: string, set: Value, left: boolean, right: boolean): string {
  const removed = toText(set);
  const gone = (character: string | undefined) =>
    character !== undefined && (removed === undefined ? /\s/.test(character) : removed.includes(character));
  let start = 0;
  let end = text.length;
  if (left) while (start < end && gone(text[start])) start++;
  if (right) while (end > start && gone(text[end - 1])) end--;
  return text.slice(start, end);
}

function round(value: number, digits = 0): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** By lower-case name. Those that need the row itself (`bin`, `ispresent`) are part of the expression language. */
export const FUNCTIONS: Readonly<Record<string, QueryFunction>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  greatest: numeric(Math.max),
  least: numeric(Math.min),
  log: numeric(Math.log),
  round: numeric(round),
  sqrt: numeric(Math.sqrt),
  tonumber: (value) => toNumber(value),
  toint: numeric(Math.trunc),
  tolong: numeric(Math.trunc),
  todouble: (value) => toNumber(value),
  frommillis: (value) => {
    const number = toNumber(value);
    return number === undefined ? undefined : new Date(number);
  },
  tomillis: (value) => (value instanceof Date ? value.getTime() : undefined),
  isnumeric: (value) => toNumber(value) !== undefined,
  coalesce: (...values) => values.find((value) => value !== undefined),
  isempty: (value) => flag((toText(value) ?? "") === ""),
  isblank: (value) => flag((toText(value) ?? "").trim() === ""),
  concat: (...values) => values.map((value) => toText(value) ?? "").join(""),
  strlen: textual((text) => Array.from(text).length),
  toupper: textual((text) => text.toUpperCase()),
  tolower: textual((text) => text.toLowerCase()),
  trim: textual((text, set) => trim(text, set, true, true)),
  ltrim: textual((text, set) => trim(text, set, true, false)),
  rtrim: textual((text, set) => trim(text, set, false, true)),
  substr: textual((text, from, length) => {
    const start = toNumber(from) ?? 0;
    const count = toNumber(length);
    return text.slice(start, count === undefined ? undefined : start + count);
  }),
  replace: textual((text, search, by) => text.replaceAll(toText(search) ?? "", () => toText(by) ?? "")),
  strcontains: textual((text, part, anyCase) => {
    const wanted = toText(part) ?? "";
    return flag(
      anyCase === true || anyCase === "true" ? text.toLowerCase().includes(wanted.toLowerCase()) : text.includes(wanted),
    );
  }),
  startswith: textual((text, part) => flag(text.startsWith(toText(part) ?? ""))),
  endswith: textual((text, part) => flag(text.endsWith(toText(part) ?? ""))),
  messagesize: textual((text) => Buffer.byteLength(text)),
};

export function sameValue(a: Value, b: Value): boolean {
  return a !== undefined && b !== undefined && compareValues(a, b) === 0;
}
