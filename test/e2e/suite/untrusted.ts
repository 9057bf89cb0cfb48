import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { descendants } from "../journey/processes.ts";
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

  it("starts no process by any command", async () => {
    const session = await theApp();
    const ids = ["runLocally", "debugLocally", "invokeTask", "runWorkload", "deployToAws", "rollBack", "destroyDeployment"];
    for (const id of ids) {
      // One that asks a question first waits for its answer.
      const done = vscode.commands.executeCommand(`fusionize.${id}`, { folder: session.folder, task: "checkout" });
      await Promise.race([done, delay(1_500)]);
      await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
      assert.equal(session.run.state, "stopped", id);
    }
    assert.deepEqual(
      descendants(process.pid).filter(({ command }) => !/[\\/]lib[\\/]vscode[\\/]/.test(command)),
      [],
    );
  });
});
