/** Findings of discovery and of the setup, and the open suggestion, as Problems. */
import * as vscode from "vscode";
import type { Diagnostic, Severity, SourceRange } from "../../../core/graph.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { setupRange, suggestionFindings, wholeMessage } from "./findings.ts";

export const source = "fusionize";
/** Code of the diagnostics that the quick fix “Accept suggested fusion” belongs to. */
export const suggestionCode = "suggested-fusion";

const severities: Record<Severity, vscode.DiagnosticSeverity> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

export function editorRange({ line, column, endLine, endColumn }: SourceRange): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}

function asDiagnostic(finding: Diagnostic): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(editorRange(finding), finding.message, severities[finding.severity]);
  diagnostic.source = source;
  diagnostic.code = finding.code;
  return diagnostic;
}

function suggestionDiagnostic(range: vscode.Range, message: string): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Information);
  diagnostic.source = source;
  diagnostic.code = suggestionCode;
  return diagnostic;
}

export class Diagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection(source);
  readonly #shown = new Map<AppSession, vscode.Uri[]>();
  readonly #sessions: AppSessions;
  readonly #subscription: vscode.Disposable;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
    this.#subscription = sessions.onDidChange(({ session, change }) => {
      if (change === "instances") return;
      if (session) void this.#show(session);
      else this.#showAll();
    });
  }

  #showAll(): void {
    for (const [session, uris] of this.#shown) {
      if (this.#sessions.apps.includes(session)) continue;
      for (const uri of uris) this.#collection.delete(uri);
      this.#shown.delete(session);
    }
    for (const session of this.#sessions.apps) void this.#show(session);
  }

  async #show(session: AppSession): Promise<void> {
    const { app, suggestion } = session;
    if (!app || !session.isApp) return;
    const byFile = new Map<string, vscode.Diagnostic[]>();
    const add = (uri: vscode.Uri, diagnostic: vscode.Diagnostic) => {
      byFile.set(uri.toString(), [...(byFile.get(uri.toString()) ?? []), diagnostic]);
    };
    for (const finding of app.diagnostics) add(session.fileUri(finding.file), asDiagnostic(finding));
    if (suggestion) {
      for (const { range, message } of suggestionFindings(app, suggestion)) {
        add(session.fileUri(range.file), suggestionDiagnostic(editorRange(range), message));
      }
      if (session.hasSetupFile) {
        const document = await vscode.workspace.openTextDocument(session.setupUri);
        const { offset, length } = setupRange(document.getText());
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        add(session.setupUri, suggestionDiagnostic(range, wholeMessage(suggestion)));
      }
      // Opening the document took time: a newer state shows itself.
      if (session.suggestion !== suggestion) return;
    }
    const uris = [...byFile.keys()].map((uri) => vscode.Uri.parse(uri));
    for (const uri of this.#shown.get(session) ?? []) if (!byFile.has(uri.toString())) this.#collection.delete(uri);
    for (const uri of uris) this.#collection.set(uri, byFile.get(uri.toString()));
    this.#shown.set(session, uris);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#collection.dispose();
  }
}
