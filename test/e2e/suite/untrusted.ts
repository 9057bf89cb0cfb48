import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extension, theApp, until } from "./editor.ts";

describe("an untrusted workspace", () => {
  it("is not trusted, and the extension is active all the same", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    assert.ok((await extension()).isActive);
  });

  it("has its graph", async () => {
    const session = await theApp();
    assert.equal(session.app?.graph.tasks.length, 4);
    await vscode.commands.executeCommand("fusionize.openCallGraph");
    await until("the panel", () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === "Call Graph: shop")),
    );
  });

  it("runs nothing, whoever asks", async () => {
    const session = await theApp();
    await assert.rejects(session.run.start(), { name: "UserError", code: "untrusted" });
    assert.equal(session.run.state, "stopped");
  });
});
