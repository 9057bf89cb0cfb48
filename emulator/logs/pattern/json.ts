import { type Condition, type Selector, parseJsonPattern } from "./json-parse.ts";
import { type LeafTest, compileScan } from "./json-scan.ts";
import { type Needles, both, either, nameNeedle, valueNeedle } from "./needles.ts";
import { type Operand, type Operator, compareNumbers, matchesWildcard, requiredPart } from "./operand.ts";
import type { Matcher } from "./pattern.ts";

/**
 * A pattern over JSON messages, `text` being what stands between its braces. Messages that are no JSON object or array do not
 * match; neither does a selector that ends at an object or array.
 */
export function compileJson(text: string): Matcher {
  const condition = parseJsonPattern(text);
  const found = needlesOf(condition);
  return {
    // A message may write any character of a name or value as \uXXXX: it is looked at too.
    needles: found && { ...found, texts: [...found.texts, "\\u"] },
    mayMatch: compileScan(condition, leafTest),
    matches(message) {
      const value = parseDocument(message);
      return value !== undefined && holds(condition, value);
    },
    extract(message) {
      const document = parseDocument(message);
      const values: Record<string, string> = {};
      for (const selector of selectors(condition)) {
        for (const value of select(document, selector)) {
          values[selector.text] = typeof value === "string" ? value : JSON.stringify(value);
          break;
        }
      }
      return values;
    },
  };
}

function parseDocument(message: string): unknown {
  const first = /\S/.exec(message)?.[0];
  if (first !== "{" && first !== "[") return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function holds(condition: Condition, document: unknown): boolean {
  switch (condition.kind) {
    case "and":
      return condition.parts.every((part) => holds(part, document));
    case "or":
      return condition.parts.some((part) => holds(part, document));
    case "missing":
      return select(document, condition.selector).length === 0;
    case "null":
      return select(document, condition.selector).includes(null);
    case "true":
      return select(document, condition.selector).includes(true);
    case "false":
      return select(document, condition.selector).includes(false);
    case "compare":
      return select(document, condition.selector).some((value) => compare(value, condition.operator, condition.operand));
  }
}

/** The values a selector points to: at most one without a wildcard. */
function select(document: unknown, selector: Selector): unknown[] {
  let values = [document];
  for (const step of selector.steps) {
    const next: unknown[] = [];
    for (const value of values) {
      if (value === null || typeof value !== "object") continue;
      if (step.kind === "any") next.push(...Object.values(value));
      else if (step.kind === "index") {
        if (Array.isArray(value) && step.index < value.length) next.push(value[step.index]);
      } else if (!Array.isArray(value) && Object.hasOwn(value, step.name)) {
        next.push((value as Record<string, unknown>)[step.name]);
      }
    }
    values = next;
  }
  return values;
}

/** Quoted operands mean strings; bare ones a number, or the text of any scalar. */
function compare(value: unknown, operator: Operator, operand: Operand): boolean {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return false;
  const equal = operator === "=";
  switch (operand.kind) {
    case "number":
      if (typeof value === "number") return compareNumbers(operator, value, operand.value);
      if (operator !== "=" && operator !== "!=") return false;
      return (String(value) === operand.text) === equal;
    case "text":
      if (operand.quoted && typeof value !== "string") return !equal;
      return matchesWildcard(operand.parts, String(value)) === equal;
    case "regex":
      return operand.regex.test(String(value)) === equal;
  }
}

function* selectors(condition: Condition): Generator<Selector> {
  if ("parts" in condition) for (const part of condition.parts) yield* selectors(part);
  else yield condition.selector;
}

function needlesOf(condition: Condition): Needles {
  switch (condition.kind) {
    case "and":
      return condition.parts.map(needlesOf).reduce(both);
    case "or":
      return condition.parts.map(needlesOf).reduce(either);
    case "missing":
      return undefined;
    case "compare": {
      const name = nameNeedle(selectorText(condition.selector));
      return condition.operator === "=" ? both(operandNeedle(condition.operand), name) : name;
    }
    default:
      return nameNeedle(selectorText(condition.selector));
  }
}

/** Only a quoted operand is sure to mean a string: what could be a number's text says nothing of how the number is written. */
function operandNeedle(operand: Operand): Needles {
  if (operand.kind === "text" && operand.quoted) {
    const last = operand.parts.length - 1;
    return valueNeedle(
      operand.parts
        .map((part, index) => {
          const plain = plainPart(part);
          return plain === part && part !== "" ? `${index === 0 ? '"' : ""}${part}${index === last ? '"' : ""}` : plain;
        })
        .reduce((best, part) => (part.length > best.length ? part : best)),
    );
  }
  const part = plainPart(requiredPart(operand));
  return /^[-+.\deInfity]*$/.test(part) ? undefined : valueNeedle(part);
}

/** The comparison on a value's bytes; where they hold an escape, only parsing them tells. */
const leafTest: LeafTest = (condition, slot, bytes) => {
  switch (condition.kind) {
    case "missing":
      return slot.kind === 0;
    case "null":
      return slot.kind === 0x6e;
    case "true":
      return slot.kind === 0x74;
    case "false":
      return slot.kind === 0x66;
    case "compare": {
      const { kind, start, end } = slot;
      if (kind === 0 || kind === 0x7b || kind === 0x5b || kind === 0x6e) return false;
      if (kind === 0x74 || kind === 0x66) return compare(kind === 0x74, condition.operator, condition.operand);
      if (kind !== 0x22) return compare(Number(bytes.toString("latin1", start, end)), condition.operator, condition.operand);
      const text = bytes.toString("utf8", start + 1, end - 1);
      return text.includes("\\") || compare(text, condition.operator, condition.operand);
    }
  }
};

/** The longest name a selector goes through, with the quotes that JSON puts around it. */
function selectorText(selector: Selector): string {
  let best = "";
  for (const step of selector.steps) {
    if (step.kind === "name" && step.name.length + 2 > best.length && plainPart(step.name) === step.name) best = `"${step.name}"`;
  }
  return best;
}

/** The longest part of a text that JSON can write as it is or with \u only: no quote, slash, backslash or control character. */
function plainPart(text: string): string {
  return text.split(/["\\/\p{Cc}]/u).reduce((best, part) => (part.length > best.length ? part : best), "");
}
