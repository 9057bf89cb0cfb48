import { Cursor } from "./cursor.ts";
import { type Needles, both, either, valueNeedle } from "./needles.ts";
import type { Matcher } from "./pattern.ts";
import { type SafeRegex, compileFilterRegex } from "../regex/compile.ts";

interface Term {
  readonly prefix: "" | "?" | "-";
  readonly text?: string;
  readonly regex?: SafeRegex;
}

const BARE = /[\p{L}\p{N}_]+/uy;

function parseTerms(text: string): Term[] {
  const cursor = new Cursor(text);
  const terms: Term[] = [];
  while (!cursor.blanks().done) {
    const prefix = cursor.take("?") ? "?" : cursor.take("-") ? "-" : "";
    const next = cursor.text[cursor.at];
    if (next === '"') terms.push({ prefix, text: cursor.quoted() });
    else if (next === "%") terms.push({ prefix, regex: compileFilterRegex(cursor.percents()) });
    else {
      const bare = cursor.match(BARE);
      if (bare === "") throw cursor.refusal();
      terms.push({ prefix, text: bare });
    }
    if (!cursor.done && !/\s/.test(cursor.text[cursor.at] as string)) throw cursor.refusal();
  }
  // A quoted blank, or nothing between quotes, stands for everything.
  return terms.filter((term) => term.regex || term.text?.trim() !== "");
}

const holds = (term: Term, message: string): boolean =>
  term.regex ? term.regex.test(message) : message.includes(term.text as string);

const required = (term: Term): Needles => valueNeedle(term.regex ? term.regex.required : (term.text as string));

/**
 * Terms, phrases and regular expressions: all plain ones must occur anywhere in the message, none with `-`, and if there are
 * only terms with `?`, one of those. `?` terms beside others have no effect.
 */
export function compileTerms(text: string): Matcher {
  const terms = parseTerms(text);
  const wanted = terms.filter((term) => term.prefix === "");
  const excluded = terms.filter((term) => term.prefix === "-");
  const optional = wanted.length + excluded.length === 0 ? terms : [];
  return {
    needles: optional.length > 0 ? optional.map(required).reduce(either) : wanted.map(required).reduce(both, undefined),
    matches: (message) =>
      wanted.every((term) => holds(term, message)) &&
      !excluded.some((term) => holds(term, message)) &&
      (optional.length === 0 || optional.some((term) => holds(term, message))),
    extract: () => ({}),
  };
}
