/** The status bar item: what is going on, and by a click what can be done next. */
import * as vscode from "vscode";
import { internalCommandIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { expectation, milliseconds } from "../../model/suggestion.ts";

export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("fusionize", vscode.StatusBarAlignment.Left, 10);
  readonly #sessions: AppSessions;
  readonly #subscription: vscode.Disposable;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
    this.#item.name = "Fusionize";
    this.#item.command = internalCommandIds.menu;
    this.#subscription = sessions.onDidChange(() => this.#update());
  }

  #update(): void {
    const apps = this.#sessions.apps;
    const shown = apps.find(({ run }) => run.state !== "stopped") ?? apps.find(({ suggestion }) => suggestion) ?? apps[0];
    if (!shown) {
      this.#item.hide();
      return;
    }
    const { text, tooltip } = describe(shown);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `Fusionize, ${text.replace(/\$\([^)]*\) ?/, "")}` };
    this.#item.show();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}

function describe(session: AppSession): { text: string; tooltip: string } {
  const { app, run, suggestion, current, name } = session;
  const size = vscode.l10n.t("{0} tasks, {1} functions", app?.graph.tasks.length ?? 0, app?.functions.length ?? 0);
  const measured = current
    ? vscode.l10n.t("measured p50 {0}", milliseconds(current.latency.p50))
    : vscode.l10n.t("not measured yet");
  const tooltip = [`${name}: ${size}, ${measured}`, run.message, suggestion && `${suggestion.title} ${expectation(suggestion)}`];
  return { text: `${icon(session)} ${label(session, size)}`, tooltip: tooltip.filter(Boolean).join("\n") };
}

function icon({ run, suggestion }: AppSession): string {
  if (run.state === "starting" || run.state === "stopping" || run.busy) return "$(loading~spin)";
  if (run.message) return "$(warning)";
  if (suggestion) return "$(lightbulb)";
  return run.state === "running" ? "$(vm-running)" : "$(circuit-board)";
}

function label({ name, run }: AppSession, size: string): string {
  if (run.state === "starting") return vscode.l10n.t("{0}: starting", name);
  if (run.state === "stopping") return vscode.l10n.t("{0}: stopping", name);
  if (run.state === "running") return vscode.l10n.t("{0}: running", name);
  return `${name}: ${size}`;
}
