/** A suggestion that waits for the user's decision. */
import * as vscode from "vscode";
import type { FrontPoint, Suggestion } from "../../optimizer/types.ts";

export interface OpenSuggestion extends Suggestion {
  /** Setup id that it was made for; with any other current setup it is out of date. */
  forSetup: string;
}

/** One run of the optimizer. */
export interface Search {
  front: readonly FrontPoint[];
  suggestion: OpenSuggestion | undefined;
}

/** Problems, notifications and quick picks show plain text: what is code in a terminal is just a name here. */
const plain = (text: string): string => text.replaceAll("`", "");

/** The optimizer's suggestion as the editor shows it. */
export function openSuggestion(suggestion: Suggestion, forSetup: string): OpenSuggestion {
  return {
    ...suggestion,
    forSetup,
    title: plain(suggestion.title),
    reasons: suggestion.reasons.map(plain),
    flips: suggestion.flips.map(plain),
    changes: suggestion.changes.map(({ task, message }) => ({ task, message: plain(message) })),
  };
}

const milliseconds = (value: number): string => `${Number(value.toPrecision(3))} ms`;
const dollars = (value: number): string => `$${value.toFixed(2)}`;

/** `p50 812 ms → 344 ms, $12.10 → $9.31 per million requests` */
export function expectation({ current, expected }: Suggestion): string {
  return vscode.l10n.t(
    "p50 {0}, {1} per million requests",
    `${milliseconds(current.latency.p50)} → ${milliseconds(expected.latency.p50)}`,
    `${dollars(current.costPerMillion)} → ${dollars(expected.costPerMillion)}`,
  );
}

/** `p50 −52 %, cost −42 %`: short enough for the menu of the lightbulb. */
export function change({ current, expected }: Suggestion): string {
  const percent = (before: number, after: number) => {
    const share = (after / before - 1) * 100;
    // Halves round away from zero, whichever the direction.
    const rounded = Math.round(Math.abs(share));
    return `${rounded === 0 ? "±" : share > 0 ? "+" : "−"}${rounded} %`;
  };
  return vscode.l10n.t(
    "p50 {0}, cost {1}",
    percent(current.latency.p50, expected.latency.p50),
    percent(current.costPerMillion, expected.costPerMillion),
  );
}

export { dollars, milliseconds };
