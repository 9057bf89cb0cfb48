/** The lightbulb: on a task definition or `fusionize.json` that the open suggestion is about. */
import * as vscode from "vscode";
import { commandLink } from "../../ids.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { source, suggestionCode } from "../diagnostics/diagnostics.ts";
import { change } from "../../model/suggestion.ts";
import { setupEdit } from "./edit.ts";

export class SuggestionActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  readonly #sessions: AppSessions;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const diagnostics = context.diagnostics.filter(({ source: from, code }) => from === source && code === suggestionCode);
    if (diagnostics.length === 0) return [];
    const session = this.#sessions.owning(document.uri);
    const suggestion = session?.suggestion;
    if (!session || !suggestion) return [];
    const accept = new vscode.CodeAction(
      vscode.l10n.t("Accept suggested fusion: {0}", change(suggestion)),
      vscode.CodeActionKind.QuickFix,
    );
    accept.isPreferred = true;
    accept.diagnostics = diagnostics;
    accept.edit = await setupEdit(session, suggestion.setup);
    accept.command = commandLink(
      accept.title,
      "fusionize.verifyAccepted",
      session.folder,
      suggestion.setup,
      session.app?.setup ?? {},
    );
    const compare = new vscode.CodeAction(vscode.l10n.t("Compare in the call graph"), vscode.CodeActionKind.QuickFix);
    compare.diagnostics = diagnostics;
    compare.command = commandLink(compare.title, "fusionize.openCallGraph", { folder: session.folder });
    const dismiss = new vscode.CodeAction(vscode.l10n.t("Dismiss the suggestion"), vscode.CodeActionKind.QuickFix);
    dismiss.diagnostics = diagnostics;
    dismiss.command = commandLink(dismiss.title, "fusionize.dismissSuggestion", { folder: session.folder });
    return [accept, compare, dismiss];
  }
}
