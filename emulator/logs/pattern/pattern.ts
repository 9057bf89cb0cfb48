import { invalidParameter } from "../refusal.ts";
import { compileDelimited } from "./delimited.ts";
import { compileJson } from "./json.ts";
import type { Needles } from "./needles.ts";
import { compileTerms } from "./terms.ts";

/** What each kind of pattern compiles to. */
export interface Matcher {
  readonly needles: Needles;
  /** A cheap test on a message's UTF-8 bytes that never says no to a message that matches. */
  readonly mayMatch?: (bytes: Buffer, start: number, end: number) => boolean;
  matches(message: string): boolean;
  /** What a metric filter would take out of a message that matches. */
  extract(message: string): Record<string, string>;
}

/** A compiled filter pattern. */
export interface Pattern extends Omit<Matcher, "needles"> {
  /** UTF-8 texts of which every matching message contains one: a search looks for them before it decodes anything. */
  readonly needles?: readonly Buffer[];
}

/** Compiles a filter pattern; refuses what the service refuses, with InvalidParameterException. */
export function compilePattern(text: string): Pattern {
  const { needles, ...matcher } = compile(text.trim());
  return { ...matcher, needles: needles?.texts.map((text) => Buffer.from(text)) };
}

function compile(text: string): Matcher {
  if (text.startsWith("{")) return compileJson(inner(text, "{", "}"));
  if (text.startsWith("[")) return compileDelimited(inner(text, "[", "]"));
  return compileTerms(text);
}

function inner(text: string, open: string, close: string): string {
  if (text.length < 2 || !text.endsWith(close)) {
    throw invalidParameter(`If a filter pattern starts with '${open}' it must end with '${close}'`);
  }
  return text.slice(1, -1);
}
