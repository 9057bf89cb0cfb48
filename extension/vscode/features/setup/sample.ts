/** Create Sample App…: a complete app in a folder of the user's choice, that runs as it is. */
import { cp, mkdir, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { UserError } from "../../../core/errors.ts";

const folderName = "fusionize-sample";

/** @param into the folder in which the sample's own is made; asked for where it is not given */
export async function createSample(extension: vscode.Uri, into?: string): Promise<void> {
  const parent = into ?? (await askFolder());
  const folder = await freeFolder(parent);
  await writeSample(extension.fsPath, folder);
  const uri = vscode.Uri.file(folder);
  if (into !== undefined) return;
  if (!vscode.workspace.workspaceFolders?.length) return void (await vscode.commands.executeCommand("vscode.openFolder", uri));
  const inside = vscode.workspace.getWorkspaceFolder(uri);
  // In a folder that is open its graph appears by itself.
  if (inside) return void (await vscode.window.showTextDocument(vscode.Uri.joinPath(uri, "README.md")));
  vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders.length, 0, { uri });
}

async function askFolder(): Promise<string> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri,
      openLabel: vscode.l10n.t("Create Here"),
      title: vscode.l10n.t("Where shall the folder {0} be made?", folderName),
    })) ?? [];
  if (!chosen) throw new vscode.CancellationError();
  return chosen.fsPath;
}

/** `fusionize-sample`, `fusionize-sample-2`, …: nothing that exists is touched. */
async function freeFolder(parent: string): Promise<string> {
  const taken = new Set(await readdir(parent).catch(() => []));
  for (let count = 1; count < 100; count += 1) {
    const name = count === 1 ? folderName : `${folderName}-${count}`;
    if (!taken.has(name)) return join(parent, name);
  }
  throw new UserError("no-folder", vscode.l10n.t("{0} holds a hundred samples already.", parent));
}

/** The sample's files, and the library as npm would install it: types for the editor, code for unit tests. */
export async function writeSample(extension: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(join(extension, "extension/sample"), folder, { recursive: true });
  await rename(join(folder, "gitignore"), join(folder, ".gitignore"));
  const library = join(folder, "node_modules/fusionize");
  await cp(join(extension, "dist/runtime"), join(library, "runtime"), { recursive: true });
  await cp(join(extension, "dist/types"), join(library, "types"), { recursive: true });
  const manifest = {
    name: "fusionize",
    version: "0.1.0",
    type: "module",
    exports: { ".": { types: "./types/runtime/index.d.ts", default: "./runtime/index.mjs" } },
  };
  await writeFile(join(library, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}
