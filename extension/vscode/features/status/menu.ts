/** What can be done next, as a quick pick behind the status bar item. */
import * as vscode from "vscode";
import { type CommandId, commandIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import { expectation } from "../../model/suggestion.ts";

interface Choice extends vscode.QuickPickItem {
  command: CommandId;
}

export async function showMenu(session: AppSession): Promise<void> {
  const { run, suggestion, name } = session;
  const stopped = run.state === "stopped";
  const choices: Choice[] = [{ label: vscode.l10n.t("$(type-hierarchy) Open Call Graph"), command: commandIds.openCallGraph }];
  if (suggestion) {
    choices.unshift({
      label: vscode.l10n.t("$(lightbulb) Accept Suggested Fusion"),
      detail: `${suggestion.title} ${expectation(suggestion)}`,
      command: commandIds.acceptSuggestion,
    });
  }
  if (stopped) choices.push({ label: vscode.l10n.t("$(play) Run Locally"), command: commandIds.runLocally });
  choices.push(
    { label: vscode.l10n.t("$(debug-start) Invoke Task…"), command: commandIds.invokeTask },
    { label: vscode.l10n.t("$(dashboard) Run Workload…"), command: commandIds.runWorkload },
    { label: vscode.l10n.t("$(sparkle) Suggest Fusion"), command: commandIds.suggestFusion },
  );
  if (!stopped) choices.push({ label: vscode.l10n.t("$(debug-stop) Stop"), command: commandIds.stop });
  choices.push({ label: vscode.l10n.t("$(output) Show Log"), command: commandIds.showLog });
  const chosen = await vscode.window.showQuickPick(choices, { title: name, placeHolder: vscode.l10n.t("What next?") });
  if (chosen) await vscode.commands.executeCommand(chosen.command, { folder: session.folder });
}
