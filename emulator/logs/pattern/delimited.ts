import { Cursor } from "./cursor.ts";
import { type Needles, both, either, valueNeedle } from "./needles.ts";
import {
  type Operand,
  type Operator,
  compareNumbers,
  matchesWildcard,
  parseOperand,
  parseOperator,
  requiredPart,
} from "./operand.ts";
import type { Matcher } from "./pattern.ts";
import type { SafeRegex } from "../regex/compile.ts";
import { badPattern } from "../regex/parse.ts";
import { splitFields } from "./split-fields.ts";

type FieldCondition =
  | { readonly kind: "and" | "or"; readonly parts: readonly FieldCondition[] }
  | { readonly kind: "compare"; readonly operator: Operator; readonly operand: Operand };

/** A field of the pattern; without a name it may hold anything. */
interface Field {
  readonly name: string;
  readonly condition?: FieldCondition;
}

/**
 * A pattern over messages of fields that blanks separate, `text` being what stands between its brackets. `...` stands for any
 * number of fields; without it the last field takes the rest of the message.
 */
export function compileDelimited(text: string): Matcher {
  const fields = parseFields(text);
  const ellipsis = fields.indexOf("...");
  if (ellipsis !== fields.lastIndexOf("...")) throw badPattern();
  const assign = (message: string): Map<string, string> | undefined => {
    const values = splitFields(message, ellipsis < 0 ? fields.length : Infinity);
    const named = fields.length - (ellipsis < 0 ? 0 : 1);
    if (values.length < named) return undefined;
    const found = new Map<string, string>();
    for (const [index, value] of values.entries()) {
      const field = ellipsis < 0 ? fields[index] : fieldAt(fields, ellipsis, index, values.length);
      if (field && field !== "..." && field.condition && !holds(field.condition, value)) return undefined;
      found.set(`$${field && field !== "..." && field.name ? field.name : index + 1}`, value);
    }
    return found;
  };
  return {
    needles: fields
      .map((field) => (field !== "..." && field.condition ? needlesOf(field.condition) : undefined))
      .reduce(both, undefined),
    matches: (message) => assign(message) !== undefined,
    extract: (message) => Object.fromEntries(assign(message) ?? []),
  };
}

/** Fields before the dots count from the message's start, those after them from its end. */
function fieldAt(fields: readonly (Field | "...")[], ellipsis: number, index: number, count: number): Field | "..." | undefined {
  if (index < ellipsis) return fields[index];
  const fromEnd = count - index;
  return fromEnd < fields.length - ellipsis ? fields[fields.length - fromEnd] : "...";
}

function parseFields(text: string): (Field | "...")[] {
  const cursor = new Cursor(text);
  // No field at all: every message is a line of fields.
  if (cursor.blanks().done) return ["..."];
  const regexes: SafeRegex[] = [];
  const fields: (Field | "...")[] = [];
  do {
    cursor.blanks();
    if (cursor.take("...")) fields.push("...");
    else if (cursor.done || cursor.text[cursor.at] === ",") fields.push({ name: "" });
    else fields.push(parseField(cursor, regexes));
    if (!cursor.blanks().done && cursor.text[cursor.at] !== ",") throw cursor.refusal();
  } while (cursor.take(","));
  return fields;
}

function parseField(cursor: Cursor, regexes: SafeRegex[]): Field {
  let name: string | undefined;
  const primary = (): FieldCondition | undefined => {
    if (cursor.blanks().take("(")) {
      const inner = or();
      if (!inner || !cursor.blanks().take(")")) throw cursor.refusal();
      return inner;
    }
    const found = cursor.match(/[\p{L}\p{N}_-]+/uy);
    if (found === "") throw cursor.refusal();
    // All conditions of a field are about that field.
    if (name !== undefined && found !== name) throw badPattern();
    name = found;
    const operator = parseOperator(cursor.blanks());
    if (!operator) return undefined;
    return { kind: "compare", operator, operand: parseOperand(cursor.blanks(), operator, regexes) };
  };
  const chain = (kind: "and" | "or", token: string, part: () => FieldCondition | undefined): FieldCondition | undefined => {
    const first = part();
    const parts = [first];
    while (cursor.blanks().take(token)) parts.push(part());
    if (parts.length === 1) return first;
    if (!parts.every((condition) => condition !== undefined)) throw badPattern();
    return { kind, parts };
  };
  const and = () => chain("and", "&&", primary);
  const or = (): FieldCondition | undefined => chain("or", "||", and);
  const condition = or();
  return { name: name ?? "", condition };
}

function holds(condition: FieldCondition, value: string): boolean {
  if (condition.kind !== "compare") {
    const { kind, parts } = condition;
    return kind === "and" ? parts.every((part) => holds(part, value)) : parts.some((part) => holds(part, value));
  }
  const { operator, operand } = condition;
  const equal = operator === "=";
  switch (operand.kind) {
    case "number": {
      const number = value.trim() === "" ? Number.NaN : Number(value);
      return Number.isNaN(number) ? operator === "!=" : compareNumbers(operator, number, operand.value);
    }
    case "text":
      return matchesWildcard(operand.parts, value) === equal;
    case "regex":
      return operand.regex.test(value) === equal;
  }
}

function needlesOf(condition: FieldCondition): Needles {
  if (condition.kind !== "compare") return condition.parts.map(needlesOf).reduce(condition.kind === "and" ? both : either);
  return condition.operator === "=" ? valueNeedle(requiredPart(condition.operand)) : undefined;
}
