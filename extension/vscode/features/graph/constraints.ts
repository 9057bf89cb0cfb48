/** What the setup's constraints say about a task, in words. Pure. */
import * as vscode from "vscode";
import type { Constraints } from "../../../core/setup.ts";

export function constraintsOf(
  task: string,
  { apart = [], memory = {}, exclusive = [], lossTolerated = [] }: Constraints,
): string[] {
  const others = apart.filter((group) => group.includes(task)).map((group) => group.filter((other) => other !== task).join(", "));
  const { min, max } = memory[task] ?? {};
  return [
    ...others.map((names) => vscode.l10n.t("never together with {0}", names)),
    ...(min !== undefined ? [vscode.l10n.t("at least {0} MB", min)] : []),
    ...(max !== undefined ? [vscode.l10n.t("at most {0} MB", max)] : []),
    ...(exclusive.includes(task) ? [vscode.l10n.t("never twice at once in one process")] : []),
    ...(lossTolerated.includes(task) ? [vscode.l10n.t("lost events are tolerated")] : []),
  ];
}
