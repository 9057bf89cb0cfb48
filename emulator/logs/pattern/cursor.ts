import { badCharacters, badPattern } from "../regex/parse.ts";

/** A place in a pattern's text that moves forward as tokens are taken. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  blanks(): this {
    while (!this.done && /\s/.test(this.text[this.at] as string)) this.at++;
    return this;
  }

  /** Takes `token` if it stands here. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  /** Takes what a sticky expression matches here; "" if nothing. */
  match(expression: RegExp): string {
    expression.lastIndex = this.at;
    const found = expression.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  /** The text between two double quotes, of which the first stands here; `\` keeps the character after it. */
  quoted(): string {
    this.at++;
    let value = "";
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined) throw badPattern();
      if (character === '"') return value;
      value += character === "\\" && '"\\'.includes(this.text[this.at] ?? " ") ? (this.text[this.at++] as string) : character;
    }
  }

  /** The text between two `%`, of which the first stands here. */
  percents(): string {
    const end = this.text.indexOf("%", this.at + 1);
    if (end < 0) throw badPattern();
    const value = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return value;
  }

  /** The refusal of what stands here: the characters that cannot be part of a term, or the pattern as a whole. */
  refusal(): Error {
    const found = this.match(/[^\p{L}\p{N}_\s]+/uy);
    return found === "" ? badPattern() : badCharacters(found);
  }
}
