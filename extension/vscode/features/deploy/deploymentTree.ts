/** The Deployment view: where the app is deployed to, the plan that waits, what is deployed, its addresses. */
import * as vscode from "vscode";
import { setContext, viewIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { stateRows, type DeploymentState, type Row } from "./rows.ts";

export interface ShownRow extends Row {
  /** Of the app it belongs to. */
  folder: string;
}

export class DeploymentTree implements vscode.TreeDataProvider<ShownRow>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #sessions: AppSessions;
  readonly #view: vscode.TreeView<ShownRow>;
  readonly #states = new Map<string, DeploymentState>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView(viewIds.deployment, { treeDataProvider: this, showCollapseAll: true });
    this.#subscription = sessions.onDidChange(({ session }) => {
      if (!session) this.#changed.fire();
    });
  }

  state({ folder }: AppSession): DeploymentState | undefined {
    return this.#states.get(folder);
  }

  /** Shows the state, and brings the view to the front. */
  show({ folder }: AppSession, state: DeploymentState, { reveal = true } = {}): void {
    this.#states.set(folder, state);
    setContext(
      "planWaits",
      [...this.#states.values()].some(({ plan }) => plan?.waiting === true),
    );
    this.#changed.fire();
    if (reveal) void vscode.commands.executeCommand(`${viewIds.deployment}.focus`, { preserveFocus: true });
  }

  getChildren(row?: ShownRow): ShownRow[] {
    if (row) return (row.children ?? []).map((child) => ({ ...child, id: `${row.id}/${child.id}`, folder: row.folder }));
    const known = this.#sessions.apps.filter(({ folder }) => this.#states.has(folder));
    const [only] = known;
    const rowsOf = (session: AppSession) => stateRows(this.#states.get(session.folder)!);
    if (only && known.length === 1) return rowsOf(only).map((one) => ({ ...one, folder: only.folder }));
    return known.map((session) => {
      const children = rowsOf(session);
      return { id: session.folder, label: session.name, icon: "package", expanded: true, children, folder: session.folder };
    });
  }

  getTreeItem(row: ShownRow): vscode.TreeItem {
    const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children ? (row.expanded ? Expanded : Collapsed) : None);
    item.id = `${row.folder}#${row.id}`;
    item.iconPath = new vscode.ThemeIcon(row.icon);
    if (row.description !== undefined) item.description = row.description;
    item.tooltip = [row.label, row.description].filter(Boolean).join("\n");
    if (row.context) item.contextValue = row.context;
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}
