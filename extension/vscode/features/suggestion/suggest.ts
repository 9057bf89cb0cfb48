/** Suggest Fusion: measure where nothing was measured, search, show what was found in the editor. */
import * as vscode from "vscode";
import { reading, running } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";
import { withProgress } from "../../progress.ts";
import { measure, settingsShape } from "../run/workload.ts";
import { expectation, openSuggestion } from "../../model/suggestion.ts";
import { runCommand } from "../../ids.ts";
import { log } from "../../log.ts";

/** @param shown whether the user sees the app's call graph, which shows the suggestion itself */
export async function suggestFusion(session: AppSession, shown: () => boolean): Promise<void> {
  const title = vscode.l10n.t("Fusion for {0}", session.name);
  await withProgress({ title }, async (work) => {
    const app = await session.onDisk();
    const { readRuns } = await reading();
    const measured = (await readRuns(app)).some(
      (run) => run.setupId === app.setupId && run.target === "local" && run.records.length > 0,
    );
    if (!measured) await measure(session, settingsShape(session), work);
    work.progress(vscode.l10n.t("searching for a better setup"));
    const { measuredProfile, optimizeApp } = await running();
    const { profile, notes } = await measuredProfile(app);
    for (const note of notes) log().info(note);
    work.signal.throwIfAborted();
    const { front, suggestion } = optimizeApp(app, profile);
    session.search = { front, suggestion: suggestion && openSuggestion(suggestion, app.setupId) };
  });
  const { suggestion } = session;
  if (!suggestion) {
    const message = vscode.l10n.t("The current setup of {0} is the best that the optimizer found.", session.name);
    void vscode.window.showInformationMessage(message);
    return;
  }
  log().info(`${session.name}: ${suggestion.title} ${expectation(suggestion)}`);
  if (shown()) return;
  const accept = vscode.l10n.t("Accept");
  const compare = vscode.l10n.t("Compare in Call Graph");
  const message = `${suggestion.title.replace(/\.?$/, ".")} ${expectation(suggestion)}`;
  void vscode.window.showInformationMessage(message, accept, compare).then((chosen) => {
    if (chosen === accept) return runCommand("fusionize.acceptSuggestion", { folder: session.folder });
    if (chosen === compare) return runCommand("fusionize.openCallGraph", { folder: session.folder });
    return undefined;
  });
}
