/** Where to deploy to is kept beside the app, and what is deployed is built from it: both may come from somebody else. */
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";

/** @throws UserError `untrusted` */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(
    "untrusted",
    vscode.l10n.t("Deploying builds code of this workspace, which is not trusted."),
    vscode.l10n.t("Trust it if you know where it comes from."),
  );
}
