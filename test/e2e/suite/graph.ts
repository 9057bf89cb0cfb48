import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { inWorkspace, theApp, until } from "./editor.ts";

const panels = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith("fusionize.graph"));

describe("the call graph", () => {
  it("opens as one panel, named after the app, however often it is asked for; opening and closing writes nothing", async () => {
    await theApp();
    const before = readFileSync(inWorkspace("fusionize.json").fsPath);
    await vscode.commands.executeCommand("fusionize.openCallGraph");
    await vscode.commands.executeCommand("fusionize.openCallGraph");
    const [panel] = await until("the panel", () => (panels().length > 0 ? panels() : undefined));
    assert.equal(panels().length, 1);
    assert.equal(panel?.label, "Call Graph: shop");
    await vscode.window.tabGroups.close(panels());
    assert.deepEqual(readFileSync(inWorkspace("fusionize.json").fsPath), before);
  });
});
