/** Accepting a setup: the edit, saved; then, if the app runs, redeploy, measure again, and say whether it held. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import { setupId } from "../../../core/setup-id.ts";
import type { FusionSetup } from "../../../core/setup.ts";
import { runCommand } from "../../ids.ts";
import { log } from "../../log.ts";
import type { AppSession } from "../../model/session.ts";
import { withProgress } from "../../progress.ts";
import { measure, settingsShape } from "../run/workload.ts";
import { setupEdit } from "./edit.ts";
import { verdict } from "./verdict.ts";

export async function acceptSuggestion(session: AppSession): Promise<void> {
  const { suggestion } = session;
  if (!suggestion) {
    throw new UserError(
      "no-suggestion",
      vscode.l10n.t("There is no suggestion for the current setup."),
      vscode.l10n.t("Run “Suggest Fusion” first."),
    );
  }
  await acceptSetup(session, suggestion.setup);
}

export async function acceptSetup(session: AppSession, setup: FusionSetup): Promise<void> {
  if (!(await vscode.workspace.applyEdit(await setupEdit(session, setup)))) {
    throw new UserError(
      "edit-refused",
      vscode.l10n.t("fusionize.json could not be edited."),
      vscode.l10n.t("It may be read-only, or it changed meanwhile: try again."),
    );
  }
  await verifyAccepted(session, setupId(setup));
}

/** After the edit was applied, by us or by the lightbulb: the last state of `fusionize.json` is in the editor. */
export async function verifyAccepted(session: AppSession, expected: string): Promise<void> {
  const { search } = session;
  const suggestion = search?.suggestion && setupId(search.suggestion.setup) === expected ? search.suggestion : undefined;
  const document = await vscode.workspace.openTextDocument(session.setupUri);
  if (document.isDirty && !(await document.save())) {
    throw new UserError(
      "not-saved",
      vscode.l10n.t("fusionize.json could not be saved."),
      vscode.l10n.t("Save it, then run “Run Workload…”."),
    );
  }
  await session.reload();
  if (session.app?.setupId !== expected) {
    throw new UserError(
      "setup-differs",
      vscode.l10n.t("fusionize.json holds another setup than the accepted one: it was edited meanwhile."),
    );
  }
  if (!session.run.running) return;
  const before = session.measurements.find(({ setupId: id }) => id === suggestion?.forSetup);
  const title = vscode.l10n.t("Verifying the accepted fusion of {0}", session.name);
  const after = await withProgress({ title }, async (work) => {
    await session.run.redeploy(work);
    return measure(session, settingsShape(session), work);
  });
  if (!suggestion) return;
  const said = verdict(suggestion, before, after);
  log().info(said.message);
  const show = vscode.l10n.t("Open Call Graph");
  const tell = said.held ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void tell(said.message, show).then((chosen) =>
    chosen ? runCommand("fusionize.openCallGraph", { folder: session.folder }) : undefined,
  );
}
