import { invalidParameter } from "../refusal.ts";

/** What one position of the text may be: 128 ASCII flags, and whether anything beyond ASCII is meant. */
export interface CharacterSet {
  readonly ascii: Uint8Array;
  readonly beyond: boolean;
}

/** One term of a regular expression with how often it may occur (`max` may be Infinity), or an anchor. */
export type Term =
  | { readonly kind: "set"; readonly set: CharacterSet; readonly literal?: string; readonly min: number; readonly max: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

/** Alternatives of sequences: the language has no groups. */
export type Alternatives = readonly (readonly Term[])[];

/** The characters a regular expression may be written with; a blank appears in the documented examples. */
const ALLOWED = /[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+. ]/;
/** Longest counted repetition: counted terms are unrolled, this bounds the work of one character. */
const MAX_REPEAT = 1000;

export const badCharacters = (text: string) => invalidParameter(`Invalid character(s) in term '${text}'`);
export const badPattern = () => invalidParameter("Invalid filter pattern");

function characterSet(negated: boolean, add: (ascii: Uint8Array) => boolean): CharacterSet {
  const ascii = new Uint8Array(128);
  const beyond = add(ascii);
  if (!negated) return { ascii, beyond };
  return { ascii: ascii.map((flag) => 1 - flag), beyond: !beyond };
}

function addRange(ascii: Uint8Array, from: number, to: number): void {
  ascii.fill(1, from, to + 1);
}

const CLASSES: Record<string, (ascii: Uint8Array) => void> = {
  d: (ascii) => addRange(ascii, 48, 57),
  s: (ascii) => {
    for (const code of [9, 10, 11, 12, 13, 32]) ascii[code] = 1;
  },
  w: (ascii) => {
    addRange(ascii, 48, 57);
    addRange(ascii, 65, 90);
    addRange(ascii, 97, 122);
    ascii[95] = 1;
  },
};

const single = (code: number) =>
  characterSet(false, (ascii) => {
    ascii[code] = 1;
    return false;
  });

const ANY: CharacterSet = { ascii: new Uint8Array(128).fill(1), beyond: true };

/** Parses the text between two `%`. Refuses what the service refuses: other characters, groups, multibyte characters. */
export function parseRegex(text: string): Alternatives {
  for (const character of text) if (!ALLOWED.test(character)) throw badCharacters(character);
  return new RegexParser(text).alternatives();
}

class RegexParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  alternatives(): Alternatives {
    const alternatives: Term[][] = [[]];
    while (this.#at < this.#text.length) {
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
    const atom = this.#atom(character);
    return { kind: "set", ...atom, ...this.#repetition() };
  }

  #atom(character: string): { set: CharacterSet; literal?: string } {
    if (character === ".") return { set: ANY };
    if (character === "[") return { set: this.#bracket() };
    if (character !== "\\") return { set: single(character.charCodeAt(0)), literal: character };
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
    if (character !== "x") return { t: 9, n: 10, r: 13 }[character] ?? character.charCodeAt(0);
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
        } else if (this.#text[this.#at] === "-" && this.#text[this.#at + 1] !== "]" && this.#at + 1 < this.#text.length) {
          this.#at++;
          const next = this.#text[this.#at++] as string;
          const to = next === "\\" ? this.#escape() : next.charCodeAt(0);
          if (typeof to !== "number" || to < from) throw badPattern();
          addRange(ascii, from, to);
        } else ascii[from] = 1;
      }
    });
  }

  #repetition(): { min: number; max: number } {
    const character = this.#text[this.#at];
    const simple = { "?": [0, 1], "*": [0, Infinity], "+": [1, Infinity] }[character ?? ""];
    if (simple) {
      this.#at++;
      if ("?*+{".includes(this.#text[this.#at] ?? " ")) throw badPattern();
      return { min: simple[0] as number, max: simple[1] as number };
    }
    if (character !== "{") return { min: 1, max: 1 };
    const counts = /^\{ *(\d*) *(,?) *(\d*) *\}/.exec(this.#text.slice(this.#at, this.#at + 32));
    if (!counts || (!counts[1] && !counts[3])) throw badPattern();
    this.#at += counts[0].length;
    const min = Number(counts[1] || 0);
    const max = counts[2] ? (counts[3] ? Number(counts[3]) : Infinity) : min;
    if (min > max || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) throw badPattern();
    if ("?*+{".includes(this.#text[this.#at] ?? " ")) throw badPattern();
    return { min, max };
  }
}
