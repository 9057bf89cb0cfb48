/** Watches the files of one app, saved and unsaved, and tells when they may mean something else than before. */
import * as vscode from "vscode";
import { relative, sep } from "node:path";

const source = /\.([cm]?[jt]sx?)$|(^|[\\/])(fusionize|template|serverless|[^\\/]+\.template)\.json$|\.ya?ml$/;
const ignored = new Set(["node_modules", ".fusionize", ".git", "dist", ".vscode-test"]);

/** ms without another change before the app is read again: fast enough to follow typing, slow enough to let a word end. */
const settle = { edit: 250, save: 100 };

/** The text of a file that is open and not saved. */
export function unsavedText(file: string): string | undefined {
  return vscode.workspace.textDocuments
    .find((document) => document.isDirty && document.uri.scheme === "file" && document.uri.fsPath === file)
    ?.getText();
}

/** True for a file that may define tasks or the setup of the app in `folder`. */
export function isSource(folder: string, file: string): boolean {
  const path = relative(folder, file);
  if (path === "" || path.startsWith("..")) return false;
  return source.test(path) && !path.split(sep).some((part) => ignored.has(part));
}

export class SourceWatch implements vscode.Disposable {
  readonly #disposables: vscode.Disposable[];
  #edit: NodeJS.Timeout | undefined;
  #save: NodeJS.Timeout | undefined;

  constructor(folder: vscode.Uri, on: { edited: () => void; saved: () => void }) {
    const mine = (uri: vscode.Uri) => uri.scheme === folder.scheme && isSource(folder.fsPath, uri.fsPath);
    const edited = (uri: vscode.Uri) => {
      if (!mine(uri)) return;
      clearTimeout(this.#edit);
      this.#edit = setTimeout(on.edited, settle.edit);
    };
    const saved = (uri: vscode.Uri) => {
      if (!mine(uri)) return;
      clearTimeout(this.#edit);
      clearTimeout(this.#save);
      this.#save = setTimeout(on.saved, settle.save);
    };
    const files = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "**/*"));
    this.#disposables = [
      files,
      files.onDidChange(saved),
      files.onDidCreate(saved),
      files.onDidDelete(saved),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0) edited(event.document.uri);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => saved(document.uri)),
      // Closing without saving drops the unsaved text.
      vscode.workspace.onDidCloseTextDocument((document) => edited(document.uri)),
    ];
  }

  dispose(): void {
    clearTimeout(this.#edit);
    clearTimeout(this.#save);
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
