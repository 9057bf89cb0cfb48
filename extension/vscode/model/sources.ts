/** Watches the files of one app, saved and unsaved, and tells when they may mean something else than before. */
import * as vscode from "vscode";
import { stat } from "node:fs/promises";
import { relative, sep } from "node:path";

const source = /\.([cm]?[jt]sx?)$|(^|[\\/])(fusionize|template|serverless|[^\\/]+\.template)\.json$|\.ya?ml$/;
const ignored = new Set(["node_modules", ".fusionize", ".git", "dist", ".vscode-test"]);

/**
 * ms without another change before the app is read again. `edit`: fast enough to follow typing, slow enough to let a word end.
 * `save`: “Save All” saves one file after the other. `disk`: a checkout changes many files over some time.
 */
const settle = { edit: 250, save: 25, disk: 100 };

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
  /** Path -> ms since the epoch at which a file that the editor saved was written. */
  readonly #written = new Map<string, number>();
  #edited = new Set<string>();
  #edit: NodeJS.Timeout | undefined;
  #save: NodeJS.Timeout | undefined;
  #due = 0;

  constructor(folder: vscode.Uri, on: { edited: (files: Set<string>) => void; saved: () => void }) {
    const mine = (uri: vscode.Uri) => uri.scheme === folder.scheme && isSource(folder.fsPath, uri.fsPath);
    const edited = (uri: vscode.Uri) => {
      if (!mine(uri)) return;
      clearTimeout(this.#edit);
      this.#edited.add(uri.fsPath);
      this.#edit = setTimeout(() => {
        const files = this.#edited;
        this.#edited = new Set();
        on.edited(files);
      }, settle.edit);
    };
    const saved = (after: number) => {
      clearTimeout(this.#edit);
      clearTimeout(this.#save);
      // A slower kind of change does not hurry up because a faster one follows.
      this.#due = Math.max(this.#due, Date.now() + after);
      this.#save = setTimeout(() => {
        this.#due = 0;
        on.saved();
      }, this.#due - Date.now());
    };
    const savedHere = ({ uri }: vscode.TextDocument) => {
      if (!mine(uri)) return;
      saved(settle.save);
      // The watcher will tell of the same change a little later.
      void written(uri).then((at) => at !== undefined && this.#written.set(uri.fsPath, at));
    };
    const changed = async (uri: vscode.Uri) => {
      if (!mine(uri)) return;
      const known = this.#written.get(uri.fsPath);
      if (known === undefined || (await written(uri)) !== known) saved(settle.disk);
    };
    const cameOrWent = (uri: vscode.Uri) => {
      if (mine(uri)) saved(settle.disk);
    };
    const files = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, "**/*"));
    this.#disposables = [
      files,
      files.onDidChange((uri) => void changed(uri)),
      files.onDidCreate(cameOrWent),
      files.onDidDelete(cameOrWent),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0) edited(event.document.uri);
      }),
      vscode.workspace.onDidSaveTextDocument(savedHere),
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

/** When the file was written, ms since the epoch; undefined when it is gone. */
const written = (uri: vscode.Uri): Promise<number | undefined> =>
  stat(uri.fsPath).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
