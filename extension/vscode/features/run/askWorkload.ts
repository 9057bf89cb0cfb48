import * as vscode from "vscode";
import type { AppSession } from "../../model/session.ts";
import { settingsShape, type WorkloadShape } from "./workload.ts";

/** Most requests of one workload from the editor, and the highest rate: more belongs to the terminal. */
const most = { requests: 100_000, rate: 1000 };

async function askNumber(prompt: string, value: number, largest: number): Promise<number> {
  const answer = await vscode.window.showInputBox({
    prompt,
    value: String(value),
    validateInput: (text) => {
      const number = Number(text);
      return text.trim() !== "" && number > 0 && number <= largest
        ? undefined
        : vscode.l10n.t("A number above 0, at most {0}", largest);
    },
  });
  if (answer === undefined) throw new vscode.CancellationError();
  return Number(answer);
}

/** @throws CancellationError when the user leaves one of the questions. */
export async function askWorkload(session: AppSession, task?: string): Promise<WorkloadShape> {
  const usual = { ...settingsShape(session), ...(task && { task }) };
  const choices: (vscode.QuickPickItem & { ask: () => Promise<WorkloadShape> })[] = [
    {
      label: vscode.l10n.t("$(play) {0} requests at {1} per second", usual.requests, usual.rate),
      description: vscode.l10n.t("as in the settings"),
      ask: async () => usual,
    },
    {
      label: vscode.l10n.t("$(flame) Cold starts only"),
      description: vscode.l10n.t("{0} requests, each meets only new instances", usual.requests),
      ask: async () => ({ ...usual, cold: true }),
    },
    {
      label: vscode.l10n.t("$(edit) Other numbers…"),
      ask: async () => {
        const requests = Math.ceil(await askNumber(vscode.l10n.t("How many requests?"), usual.requests, most.requests));
        return {
          ...usual,
          requests,
          rate: await askNumber(vscode.l10n.t("How many requests per second?"), usual.rate, most.rate),
        };
      },
    },
  ];
  const title = task ? vscode.l10n.t("Workload for {0}", task) : vscode.l10n.t("Workload for {0}", session.name);
  const chosen = await vscode.window.showQuickPick(choices, { title, placeHolder: vscode.l10n.t("Which load?") });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.ask();
}
