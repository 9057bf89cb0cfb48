const BLANK = /\s/;

/**
 * Splits a message at blanks; what stands in `[]` or `""` is one field, without them, and the last of `limit` fields is all the
 * rest. Each search for a closing sign is remembered, so that a message of opening signs alone costs no more than any other.
 */
export function splitFields(message: string, limit: number): string[] {
  const fields: string[] = [];
  const closing = { "[": new Search(message, "]"), '"': new Search(message, '"') };
  for (let at = 0; at < message.length;) {
    if (BLANK.test(message[at] as string)) {
      at++;
      continue;
    }
    if (fields.length === limit - 1) return [...fields, lastField(message.slice(at).trimEnd())];
    const sign = message[at];
    const close = sign === "[" || sign === '"' ? closing[sign].after(at) : -1;
    if (close >= 0 && (close + 1 === message.length || BLANK.test(message[close + 1] as string))) {
      fields.push(message.slice(at + 1, close));
      at = close + 1;
    } else {
      const end = endOfWord(message, at);
      fields.push(message.slice(at, end));
      at = end;
    }
  }
  return fields;
}

/** The rest of a message, without the signs around it if it is one field. */
function lastField(rest: string): string {
  const [only, ...more] = rest.length < 2 || !'["'.includes(rest[0] as string) ? [rest] : splitFields(rest, Infinity);
  return more.length === 0 && only !== undefined ? only : rest;
}

function endOfWord(message: string, from: number): number {
  let end = from;
  while (end < message.length && !BLANK.test(message[end] as string)) end++;
  return end;
}

class Search {
  readonly #text: string;
  readonly #sign: string;
  #found = 0;

  constructor(text: string, sign: string) {
    this.#text = text;
    this.#sign = sign;
  }

  /** Where the sign next stands after `at` without a backslash before it, -1 if nowhere. */
  after(at: number): number {
    if (this.#found < 0 || this.#found > at) return this.#found;
    let next = at;
    do next = this.#text.indexOf(this.#sign, next + 1);
    while (next > 0 && this.#sign === '"' && this.#escaped(next));
    this.#found = next;
    return next;
  }

  #escaped(at: number): boolean {
    let first = at;
    while (this.#text[first - 1] === "\\") first--;
    return (at - first) % 2 === 1;
  }
}
