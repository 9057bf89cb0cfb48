/** The Functions view: apps (where there are several) → functions → their tasks and running instances. */
import * as vscode from "vscode";
import type { InstanceView } from "../../../application/types.ts";
import type { Task } from "../../../core/graph.ts";
import type { ResolvedFunction } from "../../../core/setup.ts";
import { commandLink, viewIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

export type Row =
  | { kind: "app"; folder: string; session: AppSession }
  | { kind: "function"; folder: string; session: AppSession; task: string; resolved: ResolvedFunction }
  | { kind: "task"; folder: string; session: AppSession; task: string; root: string; found: Task | undefined }
  | { kind: "instance"; folder: string; session: AppSession; root: string; instance: InstanceView };

export class FunctionsTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #sessions: AppSessions;
  readonly #view: vscode.TreeView<Row>;
  readonly #subscription: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView(viewIds.functions, { treeDataProvider: this, showCollapseAll: true });
    this.#subscription = sessions.onDidChange(() => {
      this.#changed.fire();
      this.#badge();
    });
  }

  /** A suggestion that waits is a badge, not a notification. */
  #badge(): void {
    const waiting = this.#sessions.apps.filter(({ suggestion }) => suggestion).length;
    this.#view.badge = waiting > 0 ? { value: waiting, tooltip: vscode.l10n.t("A fusion is suggested") } : undefined;
  }

  getChildren(row?: Row): Row[] {
    if (!row) {
      const apps = this.#sessions.apps;
      const [only] = apps;
      return only && apps.length === 1
        ? functionRows(only)
        : apps.map((session) => ({ kind: "app", folder: session.folder, session }));
    }
    if (row.kind === "app") return functionRows(row.session);
    if (row.kind !== "function") return [];
    const { session, folder, resolved } = row;
    const found = new Map(session.app?.graph.tasks.map((task) => [task.name, task]));
    const tasks = resolved.tasks.map((task): Row => ({
      kind: "task",
      folder,
      session,
      task,
      root: resolved.root,
      found: found.get(task),
    }));
    const instances = session.run.instances[resolved.root] ?? [];
    return [
      ...tasks,
      ...instances.map((instance): Row => ({ kind: "instance", folder, session, root: resolved.root, instance })),
    ];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const item =
      row.kind === "app"
        ? appItem(row)
        : row.kind === "function"
          ? functionItem(row)
          : row.kind === "task"
            ? taskItem(row)
            : instanceItem(row);
    item.contextValue = row.kind;
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}

function functionRows(session: AppSession): Row[] {
  const functions = session.app?.functions ?? [];
  return functions.map((resolved) => ({ kind: "function", folder: session.folder, session, task: resolved.root, resolved }));
}

function appItem({ session }: Extract<Row, { kind: "app" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(session.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = session.folder;
  item.iconPath = new vscode.ThemeIcon("package");
  item.description = vscode.workspace.asRelativePath(session.folder);
  return item;
}

function functionItem({ session, resolved }: Extract<Row, { kind: "function" }>): vscode.TreeItem {
  const { root, memory, tasks } = resolved;
  const instances = session.run.instances[root] ?? [];
  const busy = instances.filter(({ state }) => state === "busy").length;
  const collapsed =
    tasks.length > 1 || instances.length > 0
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(root, collapsed);
  item.id = `${session.folder}#${root}`;
  const measured = session.current?.functions.find((candidate) => candidate.root === root);
  const running = instances.length > 0 ? [vscode.l10n.t("{0} of {1} busy", busy, instances.length)] : [];
  item.description = [`${memory} MB`, ...(measured ? [`p50 ${milliseconds(measured.duration.p50)}`] : []), ...running].join(
    " · ",
  );
  item.iconPath = new vscode.ThemeIcon("symbol-function", busy > 0 ? new vscode.ThemeColor("charts.green") : undefined);
  const cost = measured
    ? vscode.l10n.t("{0} per million requests", dollars(measured.costPerMillion))
    : vscode.l10n.t("not measured with this setup");
  item.tooltip = `(${tasks.join(", ")})\n${memory} MB, ${cost}`;
  item.accessibilityInformation = { label: vscode.l10n.t("function {0}, {1}", root, item.description) };
  return item;
}

function taskItem({ session, folder, task, root, found }: Extract<Row, { kind: "task" }>): vscode.TreeItem {
  const item = new vscode.TreeItem(task);
  item.id = `${folder}#${root}/${task}`;
  const measured = session.current?.tasks.find((candidate) => candidate.task === task);
  const role = task === root ? (found?.entry ? vscode.l10n.t("entry") : vscode.l10n.t("root")) : vscode.l10n.t("inlined");
  item.description = measured ? `${role} · p50 ${milliseconds(measured.duration.p50)}` : role;
  item.iconPath = new vscode.ThemeIcon(task === root ? "symbol-event" : "symbol-method");
  item.accessibilityInformation = { label: vscode.l10n.t("task {0}, {1}", task, item.description) };
  if (found) {
    item.command = commandLink(
      vscode.l10n.t("Go to Source"),
      "fusionize.openSource",
      folder,
      found.file,
      found.line,
      found.column,
    );
    item.tooltip = `${found.file}:${found.line}`;
  }
  return item;
}

/** Of an instance: what its process does. */
const instanceIcons = {
  starting: "loading~spin",
  idle: "circle-outline",
  busy: "circle-filled",
  draining: "circle-slash",
} as const;

function instanceItem({ folder, root, instance }: Extract<Row, { kind: "instance" }>): vscode.TreeItem {
  const { id, state, requests, memoryUsedMb, pid, lastDurationMs } = instance;
  const words = {
    starting: vscode.l10n.t("starting"),
    idle: vscode.l10n.t("idle"),
    busy: vscode.l10n.t("busy"),
    draining: vscode.l10n.t("draining"),
  };
  const item = new vscode.TreeItem(vscode.l10n.t("instance {0}", id.slice(0, 8)));
  item.id = `${folder}#${root}#${id}`;
  item.description = [
    words[state] ?? state,
    vscode.l10n.t("{0} requests", requests),
    `${Math.round(memoryUsedMb)} MB`,
    ...(lastDurationMs === undefined ? [] : [vscode.l10n.t("last {0}", milliseconds(lastDurationMs))]),
  ].join(" · ");
  item.accessibilityInformation = { label: vscode.l10n.t("instance of {0}, {1}", root, item.description) };
  item.iconPath = new vscode.ThemeIcon(instanceIcons[state] ?? "circle-outline");
  item.tooltip = vscode.l10n.t("process {0}", pid);
  return item;
}
