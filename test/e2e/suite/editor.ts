/** What the tests of the suite share: the running extension, and waiting for what a user would see. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Api } from "../../../extension/vscode/extension.ts";
import type { AppSession } from "../../../extension/vscode/model/session.ts";

export async function extension(): Promise<vscode.Extension<Api>> {
  const found = vscode.extensions.getExtension<Api>("fusionize.fusionize");
  if (!found) throw new Error("The extension is not installed.");
  await found.activate();
  return found;
}

/** The app of the workspace, read. */
export async function theApp(name = "shop"): Promise<AppSession> {
  const { sessions } = (await extension()).exports;
  return until(`the app ${name}`, () => sessions.apps.find((session) => session.name === name && session.app));
}

/** Asks again until there is an answer, or the deadline of 15 s has passed. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | null | Promise<T | undefined | false | null>,
): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Waited 15 s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error("The suite needs a workspace folder.");
  return folder.uri;
}

export const inWorkspace = (path: string): vscode.Uri => vscode.Uri.joinPath(workspaceFolder(), path);

/** Runs `body` and puts the files back byte by byte, on disk and in the editor. */
export async function restoring(paths: string[], body: () => Promise<void>): Promise<void> {
  const before = paths.map((path) => readFileSync(join(workspaceFolder().fsPath, path)));
  try {
    await body();
  } finally {
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    }
    for (const [at, path] of paths.entries()) writeFileSync(join(workspaceFolder().fsPath, path), before[at] as Buffer);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await (await theApp()).reload();
  }
}

export const problems = (path: string): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(inWorkspace(path)).filter(({ source }) => source === "fusionize");
