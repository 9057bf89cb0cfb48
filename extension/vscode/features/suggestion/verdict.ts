/** Whether what the optimizer expected was measured after accepting it. Pure. */
import * as vscode from "vscode";
import type { Measurement } from "../../../core/measurement.ts";
import type { Suggestion } from "../../../optimizer/types.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

/** Share by which a measurement may be above the expectation and still confirm it: a short workload is not more exact. */
const tolerance = 0.25;

export interface Verdict {
  held: boolean;
  message: string;
}

export function verdict(suggestion: Suggestion, before: Measurement | undefined, after: Measurement): Verdict {
  const { expected } = suggestion;
  const within = (value: number, wanted: number) => value <= wanted * (1 + tolerance);
  const held = within(after.latency.p50, expected.latency.p50) && within(after.costPerMillion, expected.costPerMillion);
  const from = before ? `${milliseconds(before.latency.p50)} → ` : "";
  const fromCost = before ? `${dollars(before.costPerMillion)} → ` : "";
  const numbers = vscode.l10n.t(
    "p50 {0} (expected {1}), {2} per million requests (expected {3})",
    `${from}${milliseconds(after.latency.p50)}`,
    milliseconds(expected.latency.p50),
    `${fromCost}${dollars(after.costPerMillion)}`,
    dollars(expected.costPerMillion),
  );
  const message = held
    ? vscode.l10n.t("The accepted fusion held: {0}.", numbers)
    : vscode.l10n.t("The accepted fusion did not hold what was expected: {0}.", numbers);
  return { held, message };
}
