import * as vscode from "vscode";
import type { AppSession } from "../../model/session.ts";
import { confinedPath } from "./paths.ts";
import { UserError } from "../../../core/errors.ts";

/** Opens a place of the app's source beside the panel; a file that is open already is shown where it is. */
export async function openSource(session: AppSession, file: string, line: number, column = 1): Promise<void> {
  const path = await confinedPath(session.folder, file);
  if (!path) {
    throw new UserError("no-source", vscode.l10n.t("{0} is not a file of the app {1}.", file, session.name));
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  const at = document.validatePosition(new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1)));
  await vscode.window.showTextDocument(document, { viewColumn: columnFor(document.uri), selection: new vscode.Range(at, at) });
}

function columnFor(uri: vscode.Uri): vscode.ViewColumn {
  for (const group of vscode.window.tabGroups.all) {
    for (const tab of group.tabs) {
      if (tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString()) return group.viewColumn;
    }
  }
  // The panel stays visible: source opens in another group than the one a webview is active in.
  const active = vscode.window.tabGroups.activeTabGroup;
  return active.activeTab?.input instanceof vscode.TabInputWebview ? vscode.ViewColumn.Beside : active.viewColumn;
}
