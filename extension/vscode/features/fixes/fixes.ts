/** The lightbulb of problems that can be mended by an edit. */
import * as vscode from "vscode";
import { mostSimilar } from "../../../core/similar.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { source } from "../diagnostics/diagnostics.ts";
import { type SetupFix, setupFixes } from "./setupFixes.ts";

export class ProblemFixes implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];
  readonly #sessions: AppSessions;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const session = this.#sessions.owning(document.uri);
    if (!session?.app) return [];
    const inSetup = document.uri.toString() === session.setupUri.toString();
    return context.diagnostics
      .filter((diagnostic) => diagnostic.source === source)
      .flatMap((diagnostic) =>
        inSetup ? fixesOfSetup(session, document, diagnostic) : fixesOfSource(session, document, diagnostic),
      );
  }
}

function fixesOfSetup(session: AppSession, document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const { app } = session;
  if (!app) return [];
  const fixes = setupFixes(
    app,
    document.getText(),
    typeof diagnostic.code === "string" ? diagnostic.code : "",
    document.offsetAt(diagnostic.range.start),
  );
  return fixes.map((fix, at) => {
    const action = new vscode.CodeAction(title(fix), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = at === 0;
    action.edit = new vscode.WorkspaceEdit();
    for (const { offset, length, text } of fix.edits) {
      action.edit.replace(
        document.uri,
        new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)),
        text,
      );
    }
    return action;
  });
}

function title(fix: SetupFix): string {
  if (fix.kind === "rename") return vscode.l10n.t("Change to “{0}”", fix.to);
  if (fix.kind === "memory") return vscode.l10n.t("Set to {0} MB", fix.megabytes);
  return vscode.l10n.t("Remove “{0}”", fix.name);
}

function fixesOfSource(session: AppSession, document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
  const fix = (label: string, range: vscode.Range, text: string) => {
    const action = new vscode.CodeAction(label, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, range, text);
    return [action];
  };
  const { range, code } = diagnostic;
  if (code === "call-not-awaited") {
    return fix(vscode.l10n.t("Await the call"), new vscode.Range(range.start, range.start), "await ");
  }
  if (code === "task-unknown") {
    const [, quote = '"', name = ""] = /(["'`])([\w-]+)\1/.exec(document.getText(range)) ?? [];
    const similar = mostSimilar(name, session.app?.graph.tasks.map((task) => task.name) ?? []);
    if (similar === undefined) return [];
    const offset = document.offsetAt(range.start) + document.getText(range).indexOf(`${quote}${name}${quote}`) + 1;
    const place = new vscode.Range(document.positionAt(offset), document.positionAt(offset + name.length));
    return fix(vscode.l10n.t("Change to “{0}”", similar), place, similar);
  }
  return [];
}
