import { compilePattern } from "../../../../emulator/logs/pattern/pattern.ts";
import { parseQuery } from "../../../../emulator/logs/insights/parse-query.ts";
import { Refusal } from "../../../../emulator/logs/refusal.ts";
import { assert, type FuzzTarget } from "../target.ts";

const MESSAGES = ["", 'a b c [d] "e"', '{"a":{"b":[1,"x",null]},"c":"d"}', "x".repeat(2_000), "a".repeat(300) + "!"];

const target: FuzzTarget = {
  tokens: [
    "{ $.a = ",
    "[a, b, ...]",
    "%a+%",
    "(a+)+",
    "&&",
    "||",
    "fields @message",
    "| filter ",
    "| parse ",
    "| stats count(*) by ",
    "like /",
    "\\",
    "NOT EXISTS",
    "?term",
    "-term",
    "*",
  ],
  check(input) {
    const text = input.toString();
    try {
      const { matches } = compilePattern(text);
      for (const message of MESSAGES) matches(message);
    } catch (error) {
      assert(error instanceof Refusal, `a pattern: ${(error as Error).stack}`);
    }
    try {
      parseQuery(text);
    } catch (error) {
      assert(error instanceof Refusal, `a query: ${(error as Error).stack}`);
    }
  },
};
export default target;
