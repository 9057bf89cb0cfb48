import { Cursor } from "./cursor.ts";
import { type Operand, type Operator, parseOperand, parseOperator } from "./operand.ts";
import type { SafeRegex } from "../regex/compile.ts";
import { badPattern } from "../regex/parse.ts";

export interface Selector {
  /** As written. */
  readonly text: string;
  readonly steps: readonly { readonly kind: "name" | "index" | "any"; readonly name: string; readonly index: number }[];
}

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "null" | "true" | "false" | "missing"; readonly selector: Selector }
  | { readonly kind: "compare"; readonly selector: Selector; readonly operator: Operator; readonly operand: Operand };

/** "One wildcard selector in a property selector, three in a filter pattern with compound expressions". */
const MAX_WILDCARDS = 3;

/** Parses what stands between the braces of a JSON pattern. */
export function parseJsonPattern(text: string): Condition {
  return new JsonPatternParser(text).whole();
}

class JsonPatternParser {
  readonly #cursor: Cursor;
  readonly #regexes: SafeRegex[] = [];
  #wildcards = 0;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  whole(): Condition {
    const condition = this.#or();
    if (!this.#cursor.blanks().done) throw this.#cursor.refusal();
    return condition;
  }

  #or(): Condition {
    const parts = [this.#and()];
    while (this.#cursor.blanks().take("||")) parts.push(this.#and());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: "or", parts };
  }

  #and(): Condition {
    const parts = [this.#primary()];
    while (this.#cursor.blanks().take("&&")) parts.push(this.#primary());
    return parts.length === 1 ? (parts[0] as Condition) : { kind: "and", parts };
  }

  #primary(): Condition {
    if (this.#cursor.blanks().take("(")) {
      const inner = this.#or();
      if (!this.#cursor.blanks().take(")")) throw this.#cursor.refusal();
      return inner;
    }
    const selector = this.#selector();
    const operator = parseOperator(this.#cursor.blanks());
    if (operator) {
      const operand = parseOperand(this.#cursor.blanks(), operator, this.#regexes);
      return { kind: "compare", selector, operator, operand };
    }
    const words = this.#cursor.match(/(?:IS\s+(?:NULL|TRUE|FALSE)|NOT\s+EXISTS)(?![A-Za-z0-9_])/y).split(/\s+/);
    switch (words[1]) {
      case "NULL":
        return { kind: "null", selector };
      case "TRUE":
        return { kind: "true", selector };
      case "FALSE":
        return { kind: "false", selector };
      case "EXISTS":
        return { kind: "missing", selector };
      default:
        throw this.#cursor.refusal();
    }
  }

  #selector(): Selector {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (!cursor.take("$")) throw cursor.refusal();
    const steps: Selector["steps"][number][] = [];
    let wildcards = 0;
    for (;;) {
      if (cursor.take(".*") || cursor.take("[*]")) {
        wildcards++;
        steps.push({ kind: "any", name: "", index: 0 });
        continue;
      }
      const before = cursor.at;
      const dot = cursor.take(".");
      if (cursor.text[cursor.at] === "[") steps.push(this.#bracket());
      else if (dot) {
        const name = cursor.match(/[\p{L}\p{N}_-]+/uy);
        if (name === "") {
          cursor.at = before === start + 1 ? start : before;
          throw cursor.refusal();
        }
        steps.push({ kind: "name", name, index: 0 });
      } else break;
    }
    this.#wildcards += wildcards;
    if (steps.length === 0 || wildcards > 1 || this.#wildcards > MAX_WILDCARDS) throw badPattern();
    return { text: cursor.text.slice(start, cursor.at), steps };
  }

  #bracket(): Selector["steps"][number] {
    const name = this.#cursor.match(/\['[^']*'\]/y);
    if (name !== "") return { kind: "name", name: name.slice(2, -2), index: 0 };
    const index = this.#cursor.match(/\[\d{1,9}\]/y);
    if (index === "") throw this.#cursor.refusal();
    return { kind: "index", name: "", index: Number(index.slice(1, -1)) };
  }
}
