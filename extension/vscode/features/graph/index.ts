/** Open Call Graph: one panel for the window, restored after a restart. */
import * as vscode from "vscode";
import type { PanelState } from "../../../../webview/protocol.ts";
import { graphPanelType } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { GraphPanel } from "./panel.ts";

/** Which app the panel showed, kept in the workspace's state: the page itself only knows its viewport and selection. */
const shownKey = "graph.folder";

/** The task whose definition begins last at or before a line: its handler usually follows it. */
export function taskAt(session: AppSession, uri: vscode.Uri, line: number): string | undefined {
  const own = session.app?.graph.tasks.filter(({ file }) => session.fileUri(file).toString() === uri.toString());
  return own?.filter((task) => task.line <= line).sort((a, b) => b.line - a.line)[0]?.name;
}

export class GraphPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #context: vscode.ExtensionContext;
  readonly #sessions: AppSessions;
  readonly #disposables: vscode.Disposable[];
  #panel: GraphPanel | undefined;

  constructor(context: vscode.ExtensionContext, sessions: AppSessions) {
    this.#context = context;
    this.#sessions = sessions;
    this.#disposables = [
      vscode.window.registerWebviewPanelSerializer(graphPanelType, this),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#cursor(textEditor)),
      sessions.onDidChange(({ session, change }) => {
        if (session && session !== this.#panel?.session) return;
        if (change === "instances") this.#panel?.live();
        else this.#panel?.update();
      }),
    ];
  }

  /** What the panel was told last, while there is one. */
  get state(): PanelState | undefined {
    return this.#panel?.state;
  }

  /** ms that the panel took from opening to the first picture on the screen. */
  get drawnMs(): number | undefined {
    return this.#panel?.drawnMs;
  }

  /** The panel follows the cursor by a mark only: the view stays where the user left it. */
  #cursor({ document, selection }: vscode.TextEditor): void {
    const panel = this.#panel;
    const session = panel?.session;
    if (!panel?.visible || document.uri.scheme !== "file" || !session?.contains(document.uri)) return;
    panel.cursor(taskAt(session, document.uri, selection.active.line + 1));
  }

  /** True while the user sees the graph of this app. */
  shows(session: AppSession): boolean {
    return this.#panel?.visible === true && this.#panel.session === session;
  }

  show(session: AppSession): GraphPanel {
    if (this.#panel) this.#panel.show(session);
    else {
      const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
      this.#adopt(vscode.window.createWebviewPanel(graphPanelType, vscode.l10n.t("Call Graph"), column), session);
    }
    void this.#context.workspaceState.update(shownKey, session.folder);
    return this.#panel as GraphPanel;
  }

  #adopt(webviewPanel: vscode.WebviewPanel, session: AppSession): void {
    const panel = new GraphPanel(webviewPanel, this.#context.extensionUri, session);
    this.#panel = panel;
    panel.onDidClose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
  }

  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel): Promise<void> {
    await this.#sessions.find();
    const folder = this.#context.workspaceState.get<string>(shownKey);
    const session = (folder && this.#sessions.get(folder)) || this.#sessions.apps[0];
    if (!session || this.#panel) webviewPanel.dispose();
    else this.#adopt(webviewPanel, session);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#panel?.dispose();
  }
}
