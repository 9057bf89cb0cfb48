/** The one place where errors become something a person sees. */
import * as vscode from "vscode";
import { UserError } from "../core/errors.ts";
import { runCommand, settingIds } from "./ids.ts";
import { log } from "./log.ts";

interface NextStep {
  title: string;
  run: () => unknown;
}

const showLog: NextStep = { title: vscode.l10n.t("Show Log"), run: () => runCommand("fusionize.showLog") };

/** The button that does what the error's `action` says, where the editor can do it. */
function nextStep(code: string): NextStep {
  if (code.startsWith("node-")) {
    return {
      title: vscode.l10n.t("Open Setting"),
      run: () => vscode.commands.executeCommand("workbench.action.openSettings", settingIds.nodePath),
    };
  }
  if (code.startsWith("setup-") || code.startsWith("config-")) {
    return { title: vscode.l10n.t("Open fusionize.json"), run: () => runCommand("fusionize.openSetupFile") };
  }
  if (code === "untrusted") {
    return { title: vscode.l10n.t("Manage Trust"), run: () => vscode.commands.executeCommand("workbench.trust.manage") };
  }
  if (code === "no-app" || code === "no-setup-file") {
    return { title: vscode.l10n.t("Create fusionize.json"), run: () => runCommand("fusionize.createSetupFile") };
  }
  if (code === "errors-in-app") {
    return {
      title: vscode.l10n.t("Show Problems"),
      run: () => vscode.commands.executeCommand("workbench.actions.view.problems"),
    };
  }
  return showLog;
}

export function isCancelled(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === "AbortError");
}

/** Shows an error: a sentence with its next step where the user can mend it, else the log. Cancelling is no error. */
export function showError(error: unknown): void {
  if (isCancelled(error)) return;
  const known = error instanceof Error && error.name === "UserError" ? (error as UserError) : undefined;
  if (known) log().warn(`${known.code}: ${known.message}`, known.cause ?? "");
  else log().error(error instanceof Error ? error : String(error));
  const text = known
    ? [known.message, known.action].filter(Boolean).join(" ")
    : vscode.l10n.t("Fusionize failed: {0}", error instanceof Error ? error.message : String(error));
  const step = known ? nextStep(known.code) : showLog;
  void vscode.window.showErrorMessage(text, step.title).then((chosen) => (chosen ? step.run() : undefined));
}

/** Runs a command's body; whatever it throws is shown, and the command ends. */
export async function showingErrors<T>(body: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await body();
  } catch (error) {
    showError(error);
    return undefined;
  }
}
