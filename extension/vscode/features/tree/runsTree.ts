/** The Runs view: setups that were measured, the one of the newest run first, and under each its runs. */
import * as vscode from "vscode";
import type { Measurement } from "../../../core/measurement.ts";
import { resolveSetup } from "../../../core/resolve.ts";
import { notation } from "../../../core/setup-notation.ts";
import { viewIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { dollars, milliseconds } from "../../model/suggestion.ts";

export type RunRow =
  | { kind: "setup"; folder: string; session: AppSession; setupId: string; runs: Measurement[] }
  | { kind: "run"; folder: string; session: AppSession; measurement: Measurement };

export class RunsTree implements vscode.TreeDataProvider<RunRow>, vscode.Disposable {
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

  getChildren(row?: RunRow): RunRow[] {
    if (!row) return this.#sessions.apps.flatMap(setupRows);
    if (row.kind === "run") return [];
    const { folder, session, runs } = row;
    return runs.map((measurement) => ({ kind: "run", folder, session, measurement }));
  }

  getTreeItem(row: RunRow): vscode.TreeItem {
    return row.kind === "setup" ? this.#setupItem(row) : runItem(row);
  }

  #setupItem({ folder, session, setupId, runs }: Extract<RunRow, { kind: "setup" }>): vscode.TreeItem {
    const current = setupId === session.app?.setupId;
    const [newest] = runs;
    const groups = newest ? groupsOf(session, newest) : setupId;
    // What was measured last is what one comes for; the others are a click away.
    const expanded = current ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
    const item = new vscode.TreeItem(groups, expanded);
    item.id = `${folder}#${setupId}`;
    const parts = [
      this.#sessions.apps.length > 1 ? session.name : "",
      current ? vscode.l10n.t("current setup") : "",
      newest ? numbers(newest) : "",
    ];
    item.description = parts.filter(Boolean).join(" · ");
    item.iconPath = new vscode.ThemeIcon(current ? "pass-filled" : "symbol-structure");
    item.tooltip = [groups, item.description].join("\n");
    item.contextValue = current ? "setupCurrent" : "setup";
    item.accessibilityInformation = { label: vscode.l10n.t("setup {0}, {1}", groups, item.description) };
    return item;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

function setupRows(session: AppSession): RunRow[] {
  const bySetup = Map.groupBy(session.measurements, ({ setupId }) => setupId);
  return [...bySetup].map(([setupId, runs]) => ({ kind: "setup", folder: session.folder, session, setupId, runs }));
}

const numbers = ({ latency, costPerMillion }: Measurement): string =>
  `p50 ${milliseconds(latency.p50)} · ${dollars(costPerMillion)}`;

function groupsOf(session: AppSession, { setup, setupId }: Measurement): string {
  return session.app ? notation(resolveSetup(session.app.graph, setup, session.app.config?.constraints)) : setupId;
}

function runItem({ folder, session, measurement }: Extract<RunRow, { kind: "run" }>): vscode.TreeItem {
  const { latency, costPerMillion, at, requests, cold, errors, lostRecords, setupId, coldStarts, fidelity, target } = measurement;
  const item = new vscode.TreeItem(numbers(measurement));
  item.id = `${folder}#${at}#${setupId}`;
  const time = new Date(at);
  const parts = [
    time.toLocaleTimeString(vscode.env.language, { hour: "2-digit", minute: "2-digit" }),
    vscode.l10n.t("{0} requests", requests),
    cold ? vscode.l10n.t("cold") : "",
    // Times of `fast` are this machine's, not Lambda's.
    target === "aws" ? "AWS" : fidelity === "fast" ? vscode.l10n.t("fast") : "",
    errors > 0 ? vscode.l10n.t("{0} failed", errors) : "",
    lostRecords > 0 ? vscode.l10n.t("{0} records lost", lostRecords) : "",
  ];
  item.description = parts.filter(Boolean).join(" · ");
  item.iconPath = new vscode.ThemeIcon(errors > 0 || lostRecords > 0 ? "warning" : "graph");
  item.tooltip = [
    groupsOf(session, measurement),
    vscode.l10n.t("p95 {0}, p99 {1}", milliseconds(latency.p95), milliseconds(latency.p99)),
    vscode.l10n.t("{0} per million requests, {1} cold starts", dollars(costPerMillion), coldStarts),
    time.toLocaleString(vscode.env.language),
  ].join("\n");
  item.contextValue = "run";
  item.accessibilityInformation = { label: `${numbers(measurement)}, ${item.description}` };
  return item;
}
