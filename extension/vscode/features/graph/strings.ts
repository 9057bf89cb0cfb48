import * as vscode from "vscode";

/** Translations of the page's texts by their English wording; empty in English. `vscode.l10n` does not exist in the page. */
export function pageStrings(): Record<string, string> {
  return vscode.l10n.bundle ?? {};
}
