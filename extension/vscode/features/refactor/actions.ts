/** Refactorings at a task's definition, without any problem being there. */
import * as vscode from "vscode";
import { commandLink } from "../../ids.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { editorRange } from "../diagnostics/diagnostics.ts";
import { candidates } from "./groups.ts";

export class TaskRefactorings implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.RefactorMove];
  readonly #sessions: AppSessions;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const session = this.#sessions.owning(document.uri);
    const { app } = session ?? {};
    if (!session || !app) return [];
    const own = document.uri.toString();
    const task = app.graph.tasks.find(
      (each) => session.fileUri(each.file).toString() === own && editorRange(each).intersection(range),
    );
    if (!task) return [];
    const title = vscode.l10n.t("Move to fusion group…");
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorMove);
    if (candidates(app, task.name).length === 0) {
      action.disabled = { reason: vscode.l10n.t("No function calls {0}, so it can be inlined nowhere.", task.name) };
    }
    action.command = commandLink(title, "fusionize.moveToGroup", { folder: session.folder, task: task.name });
    return [action];
  }
}
