/** The one place where errors become something a person sees. */
import * as vscode from "vscode";
import { UserError } from "../core/errors.ts";
import { commandIds, settingIds } from "./ids.ts";
import { log } from "./log.ts";

interface NextStep {
  title: string;
  run: () => unknown;
}

const execute =
  (command: string, ...args: unknown[]) =>
  () =>
    vscode.commands.executeCommand(command, ...args);

const showLog = (): NextStep => ({ title: vscode.l10n.t("Show Log"), run: execute(commandIds.showLog) });
const openSetupFile = (): NextStep => ({ title: vscode.l10n.t("Open fusionize.json"), run: execute(commandIds.openSetupFile) });
const showProblems = (): NextStep => ({ title: vscode.l10n.t("Show Problems"), run: execute("workbench.actions.view.problems") });
const openNodeSetting = (): NextStep => ({
  title: vscode.l10n.t("Open Setting"),
  run: execute("workbench.action.openSettings", settingIds.nodePath),
});
const manageTrust = (): NextStep => ({ title: vscode.l10n.t("Manage Trust"), run: execute("workbench.trust.manage") });
const createSetupFile = (): NextStep => ({
  title: vscode.l10n.t("Create fusionize.json"),
  run: execute(commandIds.createSetupFile),
});
const runLocally = (): NextStep => ({ title: vscode.l10n.t("Run Locally"), run: execute(commandIds.runLocally) });
const runWorkload = (): NextStep => ({ title: vscode.l10n.t("Run Workload…"), run: execute(commandIds.runWorkload) });
const suggestFusion = (): NextStep => ({ title: vscode.l10n.t("Suggest Fusion"), run: execute(commandIds.suggestFusion) });

/** The button that does what the error's `action` says, by its code; any other error has the log. */
const nextSteps: Record<string, () => NextStep> = {
  "app-errors": showProblems,
  "emulator-ended": runLocally,
  "environment-too-large": openSetupFile,
  infeasible: openSetupFile,
  "no-app": createSetupFile,
  "no-suggestion": suggestFusion,
  "no-tasks": openSetupFile,
  "no-trace": runWorkload,
  "node-missing": openNodeSetting,
  "node-setting": openNodeSetting,
  "not-deployed": runLocally,
  "not-saved": openSetupFile,
  "nothing-measured": runWorkload,
  "port-taken": openSetupFile,
  "same-function-name": openSetupFile,
  "service-failed": openSetupFile,
  "service-not-ready": openSetupFile,
  "setup-differs": openSetupFile,
  "setup-file": openSetupFile,
  "setup-file-broken": openSetupFile,
  untrusted: manageTrust,
};

export function isCancelled(error: unknown): boolean {
  if (error instanceof vscode.CancellationError) return true;
  return error instanceof Error && (error.name === "AbortError" || (error as Partial<UserError>).code === "cancelled");
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
  const step = ((known && nextSteps[known.code]) ?? showLog)();
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
