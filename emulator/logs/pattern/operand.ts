import type { Cursor } from "./cursor.ts";
import { type SafeRegex, compileFilterRegex } from "../regex/compile.ts";
import { badPattern } from "../regex/parse.ts";

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** The right side of a comparison. */
export type Operand =
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "text"; readonly parts: readonly string[]; readonly quoted: boolean }
  | { readonly kind: "regex"; readonly regex: SafeRegex };

/** "There is a limit of 2 regex for each filter pattern". */
export const MAX_REGEXES = 2;

const BARE = /[\p{L}\p{N}_.*+-]+/uy;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function parseOperator(cursor: Cursor): Operator | undefined {
  for (const operator of ["!=", "<=", ">=", "=", "<", ">"] as const) if (cursor.take(operator)) return operator;
  return undefined;
}

/** Parses the operand at the cursor; the ordering operators take numbers only. */
export function parseOperand(cursor: Cursor, operator: Operator, regexes: SafeRegex[]): Operand {
  const operand = readOperand(cursor, regexes);
  if (operator !== "=" && operator !== "!=" && operand.kind !== "number") throw badPattern();
  return operand;
}

function readOperand(cursor: Cursor, regexes: SafeRegex[]): Operand {
  const next = cursor.text[cursor.at];
  if (next === '"') return { kind: "text", parts: cursor.quoted().split("*"), quoted: true };
  if (next === "%") {
    const regex = compileFilterRegex(cursor.percents());
    if (regexes.push(regex) > MAX_REGEXES) throw badPattern();
    return { kind: "regex", regex };
  }
  const bare = cursor.match(BARE);
  if (bare === "") throw cursor.refusal();
  if (NUMBER.test(bare)) return { kind: "number", value: Number(bare), text: bare };
  return { kind: "text", parts: bare.split("*"), quoted: false };
}

/** Whether `text` is made of `parts` with anything between them: what `*` means. */
export function matchesWildcard(parts: readonly string[], text: string): boolean {
  const first = parts[0] as string;
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) as string;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export function compareNumbers(operator: Operator, a: number, b: number): boolean {
  switch (operator) {
    case "=":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
  }
}

/** The longest text without a wildcard that a value equal to the operand contains. */
export function requiredPart(operand: Operand): string {
  if (operand.kind === "regex") return operand.regex.required;
  if (operand.kind === "number") return "";
  return operand.parts.reduce((best, part) => (part.length > best.length ? part : best), "");
}
