import { Automaton } from "./automaton.ts";
import { captureIn } from "./capture.ts";
import { type Alternatives, type ParsedRegex, parseFilterRegex, parseQueryRegex } from "./parse.ts";
import { buildProgram } from "./program.ts";

/**
 * A compiled regular expression that looks anywhere in a text. No backtracking: its time is linear in the text's length,
 * whatever the expression.
 */
export interface SafeRegex {
  test(text: string): boolean;
  /** The texts of the capture groups of the first match, undefined where a group took no part; or undefined without a match. */
  capture(text: string): (string | undefined)[] | undefined;
  readonly captures: readonly string[];
  /** A text that every match contains, "" if none is known. */
  readonly required: string;
}

/** The expression between two `%` of a filter pattern. */
export const compileFilterRegex = (text: string) => compile(parseFilterRegex(text));

/** The expression between two `/` of a query. */
export const compileQueryRegex = (text: string) => compile(parseQueryRegex(text));

function compile({ alternatives, captures }: ParsedRegex): SafeRegex {
  const program = buildProgram(alternatives);
  const automaton = new Automaton(program);
  return {
    test: (text) => automaton.test(text),
    capture: (text) => (automaton.test(text) ? captureIn(program, captures.length, text) : undefined),
    captures,
    required: requiredText(alternatives),
  };
}

/** The longest run of plain characters of an expression with one alternative. */
function requiredText(alternatives: Alternatives): string {
  const [terms, other] = alternatives;
  if (!terms || other) return "";
  let best = "";
  let run = "";
  for (const term of terms) {
    if (term.kind !== "set" || term.literal === undefined || term.min < 1) run = "";
    else {
      run += term.literal.repeat(term.min);
      if (run.length > best.length) best = run;
      if (term.max !== term.min) run = term.literal;
    }
  }
  return best;
}
