/** The apps of the workspace: found, watched, and looked up for commands. */
import * as vscode from "vscode";
import { sep } from "node:path";
import { UserError } from "../../core/errors.ts";
import { log } from "../log.ts";
import { appFolders, synthesisedFiles, templateFiles } from "./appFolders.ts";
import type { ServiceConsent } from "./serviceConsent.ts";
import { AppSession, type Change } from "./session.ts";

/** What a command is about; tree rows, the panel and code actions hand it over. */
export interface AppTarget {
  folder: string;
}

export interface SessionChange {
  session?: AppSession;
  change: Change;
}

const excluded = "**/{node_modules,.fusionize,.vscode-test,.git,.aws-sam,.serverless,dist}/**";
/** More setup files than this in one workspace are not looked at: nobody has so many apps, a stray copy tree does. */
const mostApps = 50;

export class AppSessions implements vscode.Disposable {
  readonly #sessions = new Map<string, AppSession>();
  readonly #changed = new vscode.EventEmitter<SessionChange>();
  readonly #disposables: vscode.Disposable[] = [this.#changed];
  readonly #consent: ServiceConsent;
  #finding: Promise<void> | undefined;
  #disposed = false;

  /** Fires for a change of one app, or without a session when apps came or went. */
  readonly onDidChange = this.#changed.event;

  constructor(consent: ServiceConsent) {
    this.#consent = consent;
  }

  /** Starts watching; nothing is read before the caller's stack has unwound. */
  start(): void {
    for (const pattern of ["**/fusionize.json", templateFiles, synthesisedFiles]) {
      const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
      this.#disposables.push(
        watcher,
        watcher.onDidCreate(() => void this.find()),
        watcher.onDidDelete(() => void this.find()),
      );
    }
    this.#disposables.push(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.find()));
    void this.find();
  }

  get all(): AppSession[] {
    return [...this.#sessions.values()];
  }

  get(folder: string): AppSession | undefined {
    return this.#sessions.get(folder);
  }

  /** Looks for apps; calls while it looks share the same answer. */
  find(): Promise<void> {
    return (this.#finding ??= this.#find()
      .catch((error: unknown) => log().error(error instanceof Error ? error : String(error)))
      .finally(() => (this.#finding = undefined)));
  }

  async #find(): Promise<void> {
    const [setupFiles, templates, synthesised] = await Promise.all(
      ["**/fusionize.json", templateFiles, synthesisedFiles].map(async (pattern) => {
        const files = await vscode.workspace.findFiles(pattern, excluded, mostApps);
        return files.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
      }),
    );
    if (this.#disposed) return;
    const folders = new Set(appFolders(setupFiles ?? [], [...(templates ?? []), ...(synthesised ?? [])], sep));
    // A workspace folder without any setup file is an app as soon as it defines tasks: the base setup needs no file.
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      if (folder.uri.scheme !== "file") continue;
      const within = [...folders].some((found) => vscode.workspace.getWorkspaceFolder(vscode.Uri.file(found)) === folder);
      if (!within) folders.add(folder.uri.fsPath);
    }
    for (const [folder, session] of this.#sessions) {
      if (folders.has(folder)) continue;
      this.#sessions.delete(folder);
      await session.dispose();
    }
    await Promise.all([...folders].sort().map((folder) => this.#add(folder)));
    this.#changed.fire({ change: "state" });
  }

  async #add(folder: string): Promise<void> {
    if (this.#sessions.has(folder) || this.#disposed) return;
    const session = new AppSession(vscode.Uri.file(folder), this.#consent);
    this.#sessions.set(folder, session);
    session.onDidChange((change) => this.#changed.fire({ session, change }));
    await session.reload();
  }

  /** Apps that have tasks or a setup file: what views and commands speak about. */
  get apps(): AppSession[] {
    return this.all.filter((session) => session.isApp).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** The app a file belongs to: the innermost folder wins. */
  owning(uri: vscode.Uri): AppSession | undefined {
    return this.apps.filter((session) => session.contains(uri)).sort((a, b) => b.folder.length - a.folder.length)[0];
  }

  /**
   * The app a command is about: the one handed over, the only one, the active editor's, or the user's choice.
   * @throws UserError `no-app` when there is none, CancellationError when the user leaves the choice.
   */
  async pick(target?: AppTarget): Promise<AppSession> {
    if (this.#finding || this.#sessions.size === 0) await this.find();
    const named = typeof target?.folder === "string" ? this.#sessions.get(target.folder) : undefined;
    if (named) return named;
    const apps = this.apps;
    if (apps.length === 0) {
      throw new UserError(
        "no-app",
        vscode.l10n.t("No task was found in this workspace."),
        vscode.l10n.t("Write one with task() of the package “fusionize”, or open the folder of an app."),
      );
    }
    const [only] = apps;
    if (only && apps.length === 1) return only;
    const active = vscode.window.activeTextEditor && this.owning(vscode.window.activeTextEditor.document.uri);
    if (active) return active;
    const chosen = await vscode.window.showQuickPick(
      apps.map((session) => ({ label: session.name, description: vscode.workspace.asRelativePath(session.folder), session })),
      { placeHolder: vscode.l10n.t("Which app?") },
    );
    if (!chosen) throw new vscode.CancellationError();
    return chosen.session;
  }

  /** Stops everything that runs. */
  async stopAll(): Promise<void> {
    await Promise.all(this.all.map((session) => session.run.stop()));
  }

  dispose(): void {
    this.#disposed = true;
    for (const disposable of this.#disposables) disposable.dispose();
    for (const session of this.all) void session.dispose();
    this.#sessions.clear();
  }
}
