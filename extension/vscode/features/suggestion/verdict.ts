/** What a comparison found, in one line: the verdict, both setups' numbers, and how strong the evidence is. */
import * as vscode from "vscode";
import type { Accepted } from "../../../application/acceptance/accept-guarded.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

/** Evidence above this is a bound of what anybody reads. */
const mostOdds = 1000;

export function verdict({ acceptance, comparison, measurements, file }: Accepted): string {
  const { old, new: next } = measurements;
  const numbers = vscode.l10n.t(
    "p50 {0}, {1} per million requests",
    `${milliseconds(old.latency.p50)} → ${milliseconds(next.latency.p50)}`,
    `${dollars(old.costPerMillion)} → ${dollars(next.costPerMillion)}`,
  );
  const { goal } = comparison.verdict.evidence;
  const odds = Math.max(goal.below, goal.above);
  const evidence = vscode.l10n.t(
    "{0} pairs of blocks, {1} requests, evidence {2} : 1",
    comparison.verdict.effect.pairs,
    comparison.requests,
    odds >= mostOdds ? `> ${mostOdds}` : Number(odds.toPrecision(2)),
  );
  const said = {
    better: vscode.l10n.t("Better: the new setup stays. {0} ({1}).", numbers, evidence),
    worse: vscode.l10n.t("Worse: rolled back. {0} ({1}).", numbers, evidence),
    "no difference": vscode.l10n.t("No difference: the old setup is kept. {0} ({1}).", numbers, evidence),
  }[acceptance.verdict];
  if (file !== "edited meanwhile") return said;
  return `${said} ${vscode.l10n.t("fusionize.json was edited meanwhile and is left as it is.")}`;
}
