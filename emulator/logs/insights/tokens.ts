import { malformed } from "./syntax-error.ts";

export interface Token {
  readonly kind: "number" | "string" | "name" | "regex" | "sign" | "end";
  /** Names and strings without their quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A name between backticks is never a keyword. */
  readonly quoted?: boolean;
}

const BLANKS = /(?:\s|#[^\n]*)*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Field names may hold dots, and begin with @ or $; a part after a dot may be a number: the index of an element. */
const NAME = /[A-Za-z_@$][A-Za-z0-9_@$]*(?:\.(?:[A-Za-z0-9_@$]+|`[^`]+`)|\[\d+\])*/y;
const SIGN = /=~|!=|<=|>=|==|[-+*/%^=<>(),|[\]]/y;

/** Reads a query token by token; a slash begins an expression only where the parser asks for one. */
export class Tokens {
  readonly text: string;
  #at = 0;
  #ahead: Token | undefined;

  constructor(text: string) {
    this.text = text;
  }

  peek(): Token {
    return (this.#ahead ??= this.#read());
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    return token;
  }

  /** Takes the token if it is this sign or, whatever its case, this word. */
  take(text: string): boolean {
    const token = this.peek();
    const found = token.kind === "sign" ? token.text === text : isWord(token, text);
    if (found) this.next();
    return found;
  }

  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`'${text}'`);
  }

  name(): Token {
    const token = this.peek();
    if (token.kind !== "name") throw this.unexpected("a field name");
    return this.next();
  }

  /** The expression between two slashes, of which the first stands next. */
  regex(): Token {
    const { start } = this.peek();
    for (let end = start + 1; end < this.text.length; end++) {
      if (this.text[end] === "\\") end++;
      else if (this.text[end] === "/") {
        this.#ahead = undefined;
        this.#at = end + 1;
        return { kind: "regex", text: this.text.slice(start + 1, end).replaceAll("\\/", "/"), start, end: end + 1 };
      }
    }
    throw malformed("unterminated regular expression", start, this.text.length);
  }

  unexpected(wanted: string): Error {
    const token = this.peek();
    const found = token.kind === "end" ? "the end of the query" : `'${this.text.slice(token.start, token.end)}'`;
    return malformed(`unexpected ${found}, expected ${wanted}`, token.start, Math.max(token.end, token.start + 1));
  }

  #read(): Token {
    this.#match(BLANKS);
    const start = this.#at;
    const token = (kind: Token["kind"], text: string, quoted?: boolean): Token => ({ kind, text, start, end: this.#at, quoted });
    if (start >= this.text.length) return token("end", "");
    const first = this.text[start] as string;
    if (first === '"' || first === "'") return token("string", this.#string(first));
    if (first === "`") {
      const end = this.text.indexOf("`", start + 1);
      if (end < 0) throw malformed("unterminated field name", start, this.text.length);
      this.#at = end + 1;
      return token("name", this.text.slice(start + 1, end), true);
    }
    const number = this.#match(NUMBER);
    if (number) return token("number", number);
    const name = this.#match(NAME);
    if (name) return token("name", name);
    const sign = this.#match(SIGN);
    if (sign) return token("sign", sign);
    throw malformed(`unexpected character '${first}'`, start, start + 1);
  }

  #match(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #string(quote: string): string {
    const start = this.#at++;
    let value = "";
    for (;;) {
      const character = this.text[this.#at++];
      if (character === undefined) throw malformed("unterminated string", start, this.text.length);
      if (character === quote) return value;
      if (character !== "\\") value += character;
      else {
        const escaped = this.text[this.#at++] ?? "";
        value += { n: "\n", t: "\t", r: "\r" }[escaped] ?? escaped;
      }
    }
  }
}

export const isWord = (token: Token, word: string): boolean =>
  token.kind === "name" && !token.quoted && token.text.toLowerCase() === word.toLowerCase();
