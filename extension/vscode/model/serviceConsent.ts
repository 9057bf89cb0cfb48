/**
 * Consent to `local.services`: commands of `fusionize.json` that run beside the app, in a shell. A trusted workspace is not
 * enough, since the file may have come with the last pull: each list of commands is shown once before it runs.
 */
import * as vscode from "vscode";
import { createHash } from "node:crypto";
import type { App } from "../../application/types.ts";

const KEY = "fusionize.agreedServices";
/** Lists of commands that are remembered; a workspace has a few. */
const MOST = 50;

export class ServiceConsent {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** Returns once these commands may run. @throws CancellationError when they may not. */
  async ask({ folder, config }: App): Promise<void> {
    const services = config?.local.services ?? [];
    if (services.length === 0) return;
    const id = createHash("sha256")
      .update(JSON.stringify([folder, services]))
      .digest("hex");
    const agreed = this.#state.get<string[]>(KEY, []);
    if (agreed.includes(id)) return;
    const run = vscode.l10n.t("Run Them");
    const message = vscode.l10n.t(
      "Running {0} locally starts these commands of its fusionize.json on this computer.",
      config?.app ?? "",
    );
    const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail: services.join("\n") }, run);
    if (chosen !== run) throw new vscode.CancellationError();
    await this.#state.update(KEY, [...agreed, id].slice(-MOST));
  }
}
