/** The comparison that an accepted setup has to win, in the editor: its progress, what it found, and what became of `fusionize.json`. */
import * as vscode from "vscode";
import type { Accepted, SetupFile } from "../../../application/acceptance/accept-guarded.ts";
import { setupId } from "../../../core/setup-id.ts";
import type { FusionSetup } from "../../../core/setup.ts";
import { reading, running } from "../../backend.ts";
import { isCancelled } from "../../errors.ts";
import { runCommand } from "../../ids.ts";
import { log } from "../../log.ts";
import type { AppSession } from "../../model/session.ts";
import { withProgress } from "../../progress.ts";
import { settingsShape } from "../run/workload.ts";
import { verdict } from "./verdict.ts";

/** Of the user's workload: as large as the terminal's, smaller where the workload is a small one. */
const BLOCKS = 5;

export async function compareAccepted(
  session: AppSession,
  accepted: FusionSetup,
  previous: FusionSetup,
  file: SetupFile,
): Promise<void> {
  const { run } = session;
  // Emulator times that are not AWS's, or that a debugger stretches, prove nothing.
  if (run.debugging || run.running?.fidelity !== "aws") {
    await run.redeploy();
    const message = vscode.l10n.t("Accepted without a comparison: this run does not take the times that AWS would.");
    void vscode.window.showInformationMessage(message);
    return;
  }
  const found = await compared(session, accepted, previous, file);
  if (!found) return;
  const { evidenceOf } = await running();
  for (const arm of ["old", "new"] as const) {
    session.requests.add(found.comparison.results[arm].flatMap(({ records }) => records));
    // What is measured last stands for the setup; of one that was measured by void blocks alone nothing is known.
    if (found.comparison.results[arm].length > 0) session.addMeasurement(found.measurements[arm]);
  }
  const said = verdict(found);
  log().info(`${session.name}: ${said}`);
  for (const line of evidenceOf(found)) log().info(line);
  const show = vscode.l10n.t("Open Call Graph");
  const evidence = vscode.l10n.t("Show Evidence");
  const tell = found.acceptance.verdict === "worse" ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  void tell(said, show, evidence).then((chosen) => {
    if (chosen === show) return runCommand("fusionize.openCallGraph", { folder: session.folder });
    if (chosen === evidence) log().show();
    return undefined;
  });
}

/** @returns undefined when the run ended before its turn came. Cancelling restores the old setup, says so, and rejects. */
async function compared(
  session: AppSession,
  accepted: FusionSetup,
  previous: FusionSetup,
  file: SetupFile,
): Promise<Accepted | undefined> {
  const { requests, rate } = settingsShape(session);
  const title = vscode.l10n.t("Comparing the accepted fusion of {0} with the setup before", session.name);
  try {
    return await withProgress({ title }, (shown) =>
      session.run.exclusively(shown, async (run, work) => {
        const [{ acceptGuarded, blockRequestsOf, localStage }, { workloadEvents }] = await Promise.all([running(), reading()]);
        const app = { ...(await session.onDisk()), setup: previous, setupId: setupId(previous) };
        return acceptGuarded(app, accepted, localStage(run), file, {
          events: await workloadEvents(app),
          rate,
          blockRequests: blockRequestsOf(requests, BLOCKS),
          ...work,
        });
      }),
    );
  } catch (error) {
    if (isCancelled(error) && session.app?.setupId === setupId(previous)) {
      void vscode.window.showInformationMessage(vscode.l10n.t("Not compared to the end: fusionize.json has its old setup back."));
    }
    throw error;
  }
}
