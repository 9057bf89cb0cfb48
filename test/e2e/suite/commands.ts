import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commandIds, internalCommandIds } from "../../../extension/vscode/ids.ts";
import { extension } from "./editor.ts";

interface Manifest {
  contributes: { commands: { command: string; title: string; category: string }[] };
}

describe("commands", () => {
  it("are all registered, and carry the category Fusionize", async () => {
    const manifest = (await extension()).packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const id of [...Object.values(commandIds), ...Object.values(internalCommandIds)]) assert.ok(registered.has(id), id);
    for (const { command, title, category } of manifest.contributes.commands) {
      assert.ok(registered.has(command), command);
      assert.equal(category, "Fusionize");
      assert.doesNotMatch(title, /%/, `${command} has no title`);
    }
  });

  it("open the source of a task at its definition", async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
    await vscode.commands.executeCommand("fusionize.openSource", folder, "src/price.ts", 3, 1);
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.uri.path ?? "", /src\/price\.ts$/);
    assert.equal(editor?.selection.active.line, 2);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("refuse a path outside the app", async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
    await vscode.commands.executeCommand("fusionize.openSource", folder, "../../../../etc/hostname", 1, 1);
    assert.equal(vscode.window.activeTextEditor, undefined);
    await vscode.commands.executeCommand("notifications.clearAll");
  });
});
