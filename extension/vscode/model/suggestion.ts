/** A suggestion that waits for the user's decision. */
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

const milliseconds = (value: number): string => `${Number(value.toPrecision(3)).toLocaleString("en")} ms`;
const dollars = (value: number): string => `$${value.toFixed(2)}`;

/** `p50 812 ms → 344 ms, $12.10 → $9.31 per million requests` */
export function expectation({ current, expected }: Suggestion): string {
  return (
    `p50 ${milliseconds(current.latency.p50)} → ${milliseconds(expected.latency.p50)}, ` +
    `${dollars(current.costPerMillion)} → ${dollars(expected.costPerMillion)} per million requests`
  );
}

export { dollars, milliseconds };
