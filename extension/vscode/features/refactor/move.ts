/** Move to Fusion Group…: which functions run a task inside is chosen by hand, no optimizer needed. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import { setupId } from "../../../core/setup-id.ts";
import type { AppSession } from "../../model/session.ts";
import { setupEdit } from "../suggestion/edit.ts";
import { type Candidate, candidates, moved } from "./groups.ts";

/** @param functions roots that run it inside, where they are chosen already */
export async function moveToGroup(session: AppSession, task: string, functions?: readonly string[]): Promise<void> {
  const { app } = session;
  const all = app ? candidates(app, task) : [];
  if (!app || all.length === 0) {
    throw new UserError(
      "no-group",
      vscode.l10n.t("No function calls {0}, so it can be inlined nowhere.", task),
      vscode.l10n.t("It keeps a function of its own."),
    );
  }
  const chosen = functions ? new Set(functions) : await choose(task, all);
  const setup = moved(app, task, chosen);
  if (setupId(setup) === app.setupId) return;
  if (!(await vscode.workspace.applyEdit(await setupEdit(session, setup)))) {
    throw new UserError("edit-refused", vscode.l10n.t("fusionize.json could not be edited."));
  }
  const document = await vscode.workspace.openTextDocument(session.setupUri);
  await document.save();
}

async function choose(task: string, all: readonly Candidate[]): Promise<ReadonlySet<string>> {
  const words = { sync: vscode.l10n.t("synchronous calls"), async: vscode.l10n.t("asynchronous calls") };
  const items = all
    .filter(({ refused }) => refused === undefined)
    .map(({ root, kinds, member }) => ({
      label: root,
      description: kinds.map((kind) => words[kind]).join(", "),
      picked: member,
    }));
  const refused = all.filter((each) => each.refused !== undefined);
  const [first] = refused;
  if (items.length === 0 && first) throw new UserError("no-group", first.refused ?? "");
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: vscode.l10n.t("Move {0} to Fusion Group", task),
    placeHolder:
      refused.length > 0
        ? vscode.l10n.t("Which functions run it inside? Not possible: {0}", refused.map(({ root }) => root).join(", "))
        : vscode.l10n.t("Which functions run it inside?"),
  });
  if (!picked) throw new vscode.CancellationError();
  return new Set(picked.map(({ label }) => label));
}
