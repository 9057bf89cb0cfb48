/** Accepting a setup: the edit, saved; then, if the app runs, old and new setup side by side until it is known which of them stays. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import { setupId } from "../../../core/setup-id.ts";
import type { FusionSetup } from "../../../core/setup.ts";
import type { AppSession } from "../../model/session.ts";
import { compareAccepted } from "./compare.ts";
import { setupEdit } from "./edit.ts";

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
  const previous = (session.app ?? (await session.onDisk())).setup;
  if (!(await vscode.workspace.applyEdit(await setupEdit(session, setup)))) {
    throw new UserError(
      "edit-refused",
      vscode.l10n.t("fusionize.json could not be edited."),
      vscode.l10n.t("It may be read-only, or it changed meanwhile: try again."),
    );
  }
  await verifyAccepted(session, setup, previous);
}

/** After the edit was applied, by us or by the lightbulb: the last state of `fusionize.json` is in the editor. */
export async function verifyAccepted(session: AppSession, accepted: FusionSetup, previous: FusionSetup): Promise<void> {
  await saveSetup(session);
  await session.reload();
  if (session.app?.setupId !== setupId(accepted)) {
    throw new UserError(
      "setup-differs",
      vscode.l10n.t("fusionize.json holds another setup than the accepted one: it was edited meanwhile."),
    );
  }
  if (setupId(previous) === setupId(accepted) || !session.run.running) return;
  await compareAccepted(session, accepted, previous, {
    current: async () => {
      await session.reload();
      return (session.app ?? (await session.onDisk())).setup;
    },
    write: async (setup) => {
      await vscode.workspace.applyEdit(await setupEdit(session, setup));
      await saveSetup(session);
      await session.reload();
    },
  });
}

async function saveSetup(session: AppSession): Promise<void> {
  const document = await vscode.workspace.openTextDocument(session.setupUri);
  if (document.isDirty && !(await document.save())) {
    throw new UserError(
      "not-saved",
      vscode.l10n.t("fusionize.json could not be saved."),
      vscode.l10n.t("Save it, then run “Run Workload…”."),
    );
  }
}
