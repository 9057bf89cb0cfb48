/** The edit of `fusionize.json` that makes a setup the current one: minimal, keeps comments, one undo step. */
import * as vscode from "vscode";
import type { FusionSetup } from "../../../core/setup.ts";
import { reading } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";

/** Works on the text as it is in the editor, saved or not; makes the file where there is none. */
export async function setupEdit(session: AppSession, setup: FusionSetup): Promise<vscode.WorkspaceEdit> {
  const { acceptEdits } = await reading();
  const app = session.app ?? (await session.onDisk());
  const edit = new vscode.WorkspaceEdit();
  const uri = session.setupUri;
  if (!session.hasSetupFile) {
    const text = acceptEdits(app, setup, undefined)
      .map((part) => part.text)
      .join("");
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
    return edit;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  for (const { offset, length, text } of acceptEdits(app, setup, document.getText())) {
    edit.replace(uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), text);
  }
  return edit;
}
