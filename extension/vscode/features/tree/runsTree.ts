/** The Runs view: measurements of the apps, newest first. */
import * as vscode from "vscode";
import { resolveSetup } from "../../../core/resolve.ts";
import { notation } from "../../../core/setup-notation.ts";
import type { Measurement } from "../../../core/measurement.ts";
import { viewIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

interface Run {
  folder: string;
  session: AppSession;
  measurement: Measurement;
}

export class RunsTree implements vscode.TreeDataProvider<Run>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #sessions: AppSessions;
  readonly #disposables: vscode.Disposable[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
    this.#disposables = [
      this.#changed,
      vscode.window.registerTreeDataProvider(viewIds.runs, this),
      sessions.onDidChange(({ change }) => {
        if (change === "state") this.#changed.fire();
      }),
    ];
  }

  getChildren(run?: Run): Run[] {
    if (run) return [];
    return this.#sessions.apps.flatMap((session) =>
      session.measurements.map((measurement) => ({ folder: session.folder, session, measurement })),
    );
  }

  getTreeItem({ folder, session, measurement }: Run): vscode.TreeItem {
    const { latency, costPerMillion, at, requests, cold, errors, lostRecords, setupId, setup } = measurement;
    const current = setupId === session.app?.setupId;
    const item = new vscode.TreeItem(`p50 ${milliseconds(latency.p50)} · ${dollars(costPerMillion)}`);
    item.id = `${folder}#${at}#${setupId}`;
    const time = new Date(at).toLocaleTimeString(vscode.env.language, { hour: "2-digit", minute: "2-digit" });
    const parts = [
      time,
      vscode.l10n.t("{0} requests", requests),
      cold ? vscode.l10n.t("cold") : "",
      current ? vscode.l10n.t("current setup") : "",
    ];
    if (this.#sessions.apps.length > 1) parts.unshift(session.name);
    if (errors > 0) parts.push(vscode.l10n.t("{0} failed", errors));
    if (lostRecords > 0) parts.push(vscode.l10n.t("{0} records lost", lostRecords));
    item.description = parts.filter(Boolean).join(" · ");
    item.iconPath = new vscode.ThemeIcon(errors > 0 || lostRecords > 0 ? "warning" : current ? "pass-filled" : "graph");
    const groups = session.app ? notation(resolveSetup(session.app.graph, setup, session.app.config?.constraints)) : setupId;
    item.tooltip = [
      groups,
      vscode.l10n.t("p95 {0}, p99 {1}", milliseconds(latency.p95), milliseconds(latency.p99)),
      vscode.l10n.t("{0} per million requests, {1} cold starts", dollars(costPerMillion), measurement.coldStarts),
      new Date(at).toLocaleString(vscode.env.language),
    ].join("\n");
    item.contextValue = "run";
    return item;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
