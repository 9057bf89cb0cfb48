/** What went wrong on the way to AWS can mostly be mended outside: the same again, with all answers kept. */
import * as vscode from "vscode";
import type { UserError } from "../../../core/errors.ts";
import { isCancelled } from "../../errors.ts";
import { log } from "../../log.ts";

/** Codes of errors after which the same may well succeed. */
const MENDABLE =
  /^(?:credentials-|access-denied$|endpoint-unreachable$|parallel-deploy$|plan-changed$|function-|canary-failed$|app-errors$)/;
const COMMAND = /Run: (.+)$/;

/** Runs `body` until it succeeds, is left, or fails in a way that trying again does not mend. */
export async function retried<T>(body: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await body();
    } catch (error) {
      const known = error instanceof Error && error.name === "UserError" ? (error as UserError) : undefined;
      if (isCancelled(error) || !known || !MENDABLE.test(known.code)) throw error;
      log().warn(`${known.code}: ${known.message}`);
      if (!(await again(known))) throw new vscode.CancellationError();
    }
  }
}

async function again({ message, action }: UserError): Promise<boolean> {
  const retry = vscode.l10n.t("Retry");
  const command = COMMAND.exec(action ?? "")?.[1];
  const terminal = vscode.l10n.t("Open Terminal");
  const text = [message, action].filter(Boolean).join(" ");
  for (;;) {
    const chosen = await vscode.window.showErrorMessage(text, retry, ...(command === undefined ? [] : [terminal]));
    if (chosen !== terminal) return chosen === retry;
    const shell = vscode.window.createTerminal({ name: "AWS" });
    shell.show();
    // Typed, not run: it is the person who signs in.
    shell.sendText(command!, false);
  }
}
