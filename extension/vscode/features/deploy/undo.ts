/** Roll Back and Destroy Deployment. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";
import { deploying } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";
import { withProgress } from "../../progress.ts";
import { askDeployed } from "./ask.ts";
import type { DeploymentTree } from "./deploymentTree.ts";
import { placeOf, placeRow } from "./place.ts";
import { retried } from "./retry.ts";
import { requireTrust } from "./trust.ts";

export async function rollBack(session: AppSession, tree: DeploymentTree): Promise<void> {
  requireTrust();
  const choice = await askDeployed(session);
  await retried(async () => {
    const { listReleases, resolveTarget, rollback } = await deploying();
    const target = await resolveTarget(choice);
    const place = placeOf(target);
    const row = placeRow(target);
    const title = vscode.l10n.t("Reading the releases of {0}: {1}", session.name, place);
    const releases = await withProgress({ title }, (work) => listReleases(session.name, target, work));
    tree.show(session, { ...row, releases }, { reveal: false });
    const earlier = releases.filter(({ live, complete }) => complete && !live).toReversed();
    if (earlier.length === 0) {
      throw new UserError(
        "no-earlier-release",
        vscode.l10n.t("There is no other release of {0}: {1}.", session.name, place),
        vscode.l10n.t("Deploy an earlier state of the source instead."),
      );
    }
    const items = earlier.map(({ name, setupId, at, functions }) => ({
      label: name,
      description: vscode.l10n.t("{0} functions, setup {1}", functions, setupId ?? "–"),
      detail: at === undefined ? "" : new Date(at).toLocaleString(vscode.env.language),
    }));
    const live = releases.find((one) => one.live)?.name ?? "–";
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Roll Back {0}: {1}", session.name, place),
      placeHolder: vscode.l10n.t("Clients leave {0} at once. For which release?", live),
      ignoreFocusOut: true,
    });
    if (!chosen) throw new vscode.CancellationError();
    const result = await withProgress({ title: vscode.l10n.t("Rolling {0} back: {1}", session.name, place) }, (work) =>
      rollback(session.name, target, { ...work, to: chosen.label }),
    );
    tree.show(session, { ...row, releases: await listReleases(session.name, target) });
    const text = vscode.l10n.t(
      "{0}: release {1} is live again, after {2}: {3}.",
      session.name,
      result.release,
      result.from,
      place,
    );
    void vscode.window.showInformationMessage(text);
  });
}

export async function destroyDeployment(session: AppSession, tree: DeploymentTree): Promise<void> {
  requireTrust();
  const choice = await askDeployed(session);
  const { destroy, resolveTarget } = await deploying();
  const target = await resolveTarget(choice);
  const place = placeOf(target);
  const row = placeRow(target);
  const keep = vscode.l10n.t("Destroy");
  const all = vscode.l10n.t("Destroy with Logs");
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t("Destroy the deployment of {0}?", session.name),
    {
      modal: true,
      detail: vscode.l10n.t(
        "{0}\nFunctions, their releases, addresses and roles are deleted. Clients get errors from then on.",
        place,
      ),
    },
    keep,
    all,
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  await retried(async () => {
    const left = await withProgress({ title: vscode.l10n.t("Destroying {0}: {1}", session.name, place) }, (work) =>
      destroy(session.name, target, { ...work, logs: chosen === all }),
    );
    tree.show(session, { ...row, left });
    const kept = left.filter(({ kind }) => kind === "keep").length;
    const text =
      kept === 0
        ? vscode.l10n.t("{0} is destroyed, nothing is left: {1}.", session.name, place)
        : vscode.l10n.t("{0} is destroyed, {1} things are left, see the Deployment view: {2}.", session.name, kept, place);
    void vscode.window.showInformationMessage(text);
  });
}
