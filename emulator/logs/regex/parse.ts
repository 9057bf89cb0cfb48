import { Refusal, invalidParameter } from "../refusal.ts";
import { type CharacterSet, ANY, CLASSES, characterSet, foldCase, single } from "./character-set.ts";

/** How often a term occurs (`max` may be Infinity), and whether it takes as little as it can. */
interface Repetition {
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
}

/** One term of a regular expression: a character, a group, or an anchor. */
export type Term =
  | ({ readonly kind: "set"; readonly set: CharacterSet; readonly literal?: string } & Repetition)
  | ({ readonly kind: "group"; readonly alternatives: Alternatives; readonly capture?: number } & Repetition)
  | { readonly kind: "start" }
  | { readonly kind: "end" };

export type Alternatives = readonly (readonly Term[])[];

export interface ParsedRegex {
  readonly alternatives: Alternatives;
  /** Names of the capture groups in their order, "" for those without one. */
  readonly captures: readonly string[];
}

/** The characters a filter pattern's expression may be written with; a blank appears in the documented examples. */
const ALLOWED = /[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+. ]/;
/** Longest counted repetition: counted terms are unrolled, this bounds the work of one character. */
const MAX_REPEAT = 1000;

export const badCharacters = (text: string) => invalidParameter(`Invalid character(s) in term '${text}'`);
export const badPattern = () => invalidParameter("Invalid filter pattern");

/** Parses the text between two `%` of a filter pattern. Refuses what the service refuses: other characters, groups, multibyte ones. */
export function parseFilterRegex(text: string): ParsedRegex {
  for (const character of text) if (!ALLOWED.test(character)) throw badCharacters(character);
  return new RegexParser(text, false).whole();
}

/** Parses an expression of a query: with groups, lazy repetition and a leading `(?i)`. Throws a Refusal for what RE2 has and this has not. */
export function parseQueryRegex(text: string): ParsedRegex {
  const folded = text.startsWith("(?i)");
  return new RegexParser(folded ? text.slice(4) : text, true, folded).whole();
}

class RegexParser {
  readonly #text: string;
  readonly #groups: boolean;
  readonly #folded: boolean;
  readonly #captures: string[] = [];
  #at = 0;

  constructor(text: string, groups: boolean, folded = false) {
    this.#text = text;
    this.#groups = groups;
    this.#folded = folded;
  }

  whole(): ParsedRegex {
    const alternatives = this.#alternatives();
    if (this.#at < this.#text.length) throw badPattern();
    return { alternatives, captures: this.#captures };
  }

  #alternatives(): Alternatives {
    const alternatives: Term[][] = [[]];
    while (this.#at < this.#text.length && !(this.#groups && this.#text[this.#at] === ")")) {
      if (this.#text[this.#at] === "|") {
        this.#at++;
        alternatives.push([]);
      } else (alternatives.at(-1) as Term[]).push(this.#term());
    }
    return alternatives;
  }

  #term(): Term {
    const character = this.#text[this.#at++] as string;
    if (character === "^") return { kind: "start" };
    if (character === "$") return { kind: "end" };
    if ("?*+{".includes(character)) throw badPattern();
    if (this.#groups && character === "(") return { ...this.#group(), ...this.#repetition() };
    const { set, literal } = this.#atom(character);
    return this.#folded
      ? { kind: "set", set: foldCase(set), ...this.#repetition() }
      : { kind: "set", set, literal, ...this.#repetition() };
  }

  #group(): { kind: "group"; alternatives: Alternatives; capture?: number } {
    const rest = this.#text.slice(this.#at, this.#at + 64);
    const plain = rest.startsWith("?:");
    const name = /^\?P?<([A-Za-z_@][A-Za-z0-9_@]*)>/.exec(rest);
    if (rest.startsWith("?") && !plain && !name) throw badPattern();
    this.#at += plain ? 2 : (name?.[0].length ?? 0);
    const capture = plain ? undefined : this.#captures.push(name?.[1] ?? "") - 1;
    const alternatives = this.#alternatives();
    if (this.#text[this.#at++] !== ")") throw badPattern();
    return { kind: "group", alternatives, capture };
  }

  #atom(character: string): { set: CharacterSet; literal?: string } {
    if (character === ".") return { set: ANY };
    if (character === "[") return { set: this.#bracket() };
    if (character !== "\\") {
      // Beyond ASCII all characters are one: an expression that names one of them would match others too.
      if (character.charCodeAt(0) > 127) throw badCharacters(character);
      return { set: single(character.charCodeAt(0)), literal: character };
    }
    const escaped = this.#escape();
    return typeof escaped === "number" ? { set: single(escaped), literal: String.fromCharCode(escaped) } : { set: escaped };
  }

  /** What follows a backslash: a class, or the code of one character. */
  #escape(): CharacterSet | number {
    const character = this.#text[this.#at++];
    if (character === undefined) throw badPattern();
    const add = CLASSES[character.toLowerCase()];
    if (add) {
      return characterSet(character !== character.toLowerCase(), (ascii) => {
        add(ascii);
        return false;
      });
    }
    // Word boundaries and references to groups are beyond what a linear-time matcher of this kind can do.
    if (this.#groups && /[bBAzZGkpPQE1-9]/.test(character))
      throw new Refusal("InvalidParameterException", `\\${character} is not supported`);
    if (character !== "x") return { t: 9, n: 10, r: 13 }[character] ?? character.charCodeAt(0) & 127;
    const code = /^[0-7][0-9A-Fa-f]/.exec(this.#text.slice(this.#at, this.#at + 2));
    if (!code) throw badPattern();
    this.#at += 2;
    return Number.parseInt(code[0], 16);
  }

  #bracket(): CharacterSet {
    const negated = this.#text[this.#at] === "^";
    if (negated) this.#at++;
    return characterSet(negated, (ascii) => {
      let beyond = false;
      for (let first = true; ; first = false) {
        const character = this.#text[this.#at++];
        if (character === undefined) throw badPattern();
        if (character === "]" && !first) return beyond;
        const from = character === "\\" ? this.#escape() : character.charCodeAt(0);
        if (typeof from !== "number") {
          for (const [code, flag] of from.ascii.entries()) if (flag) ascii[code] = 1;
          beyond ||= from.beyond;
        } else if (from > 127) throw badCharacters(character);
        else if (this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]" && this.#at + 1 < this.#text.length) {
          this.#at++;
          const next = this.#text[this.#at++] as string;
          const to = next === "\\" ? this.#escape() : next.charCodeAt(0);
          if (typeof to !== "number" || to < from || to > 127) throw badPattern();
          ascii.fill(1, from, to + 1);
        } else ascii[from] = 1;
      }
    });
  }

  #repetition(): Repetition {
    const { min, max } = this.#counts();
    if (min === 1 && max === 1 && this.#text[this.#at - 1] !== "}") return { min, max, lazy: false };
    const lazy = this.#groups && this.#text[this.#at] === "?";
    if (lazy) this.#at++;
    if ("?*+{".includes(this.#text[this.#at] ?? " ")) throw badPattern();
    return { min, max, lazy };
  }

  #counts(): { min: number; max: number } {
    const character = this.#text[this.#at];
    const simple = { "?": [0, 1], "*": [0, Infinity], "+": [1, Infinity] }[character ?? ""];
    if (simple) {
      this.#at++;
      return { min: simple[0] as number, max: simple[1] as number };
    }
    if (character !== "{") return { min: 1, max: 1 };
    const counts = /^\{ *(\d*) *(,?) *(\d*) *\}/.exec(this.#text.slice(this.#at, this.#at + 32));
    if (!counts || (!counts[1] && !counts[3])) throw badPattern();
    this.#at += counts[0].length;
    const min = Number(counts[1] || 0);
    const max = counts[2] ? (counts[3] ? Number(counts[3]) : Infinity) : min;
    if (min > max || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw badPattern();
    return { min, max };
  }
}
