/** Create fusionize.json: the file that the setup will live in, with nothing decided yet. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { setupEdit } from "../suggestion/edit.ts";

async function folderFor(sessions: AppSessions): Promise<AppSession> {
  await sessions.find();
  const without = sessions.all.filter((session) => !session.hasSetupFile);
  const [only] = without;
  if (!only) {
    throw new UserError(
      "no-folder",
      vscode.l10n.t("Every app of this workspace has its fusionize.json."),
      vscode.l10n.t("Open the folder of another app."),
    );
  }
  if (without.length === 1) return only;
  const items = without.map((session) => ({ label: session.name, description: session.folder, session }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("In which folder?") });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.session;
}

export async function createSetupFile(sessions: AppSessions): Promise<void> {
  const session = await folderFor(sessions);
  await vscode.workspace.applyEdit(await setupEdit(session, {}));
  const document = await vscode.workspace.openTextDocument(session.setupUri);
  await document.save();
  await vscode.window.showTextDocument(document);
  await session.reload();
}
