import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { extension, inWorkspace, problems, theApp, until } from "./editor.ts";

const functions = async () => (await theApp()).run.running?.deployment?.functions.map(({ root }) => root).sort();

describe("existing Lambda applications", function existing() {
  this.timeout(120_000);

  it("are found by their templates alone, several in one workspace", async () => {
    const { sessions } = (await extension()).exports;
    await until("both apps", () => sessions.apps.length === 2).catch((error: unknown) => {
      throw new Error(JSON.stringify(sessions.all.map(({ folder, name, app }) => [folder, name, app?.diagnostics])), {
        cause: error,
      });
    });
    assert.ok(vscode.extensions.getExtension("fusionize.fusionize")?.isActive);
    assert.deepEqual(
      sessions.apps.map(({ app }) => app?.graph.tasks.map(({ name }) => name)),
      [["nightly"], ["Checkout", "Price"]],
    );
    const { app } = await theApp();
    assert.deepEqual(
      app?.graph.calls.map(({ from, to, kind }) => `${from} ${kind} ${to}`),
      ["Checkout sync Price"],
    );
    assert.ok(!existsSync(inWorkspace("shop/fusionize.json").fsPath), "nothing was written");
  });

  it("say in their template what is left outside", async () => {
    const found = await until("the finding", () =>
      problems("shop/template.yaml").find(({ code }) => code === "function-outside"),
    );
    assert.match(found.message, /Legacy runs on python3\.12/);
  });

  it("run unchanged, and fused by an edit of fusionize.json alone", async () => {
    const session = await theApp();
    const template = join(session.folder, "template.yaml");
    const before = readFileSync(template, "utf8");
    await vscode.workspace.getConfiguration("fusionize").update("fidelity", "fast", vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand("fusionize.runLocally", { folder: session.folder });
    try {
      assert.deepEqual(await functions(), ["Checkout", "Price"]);
      const first = await session.run.running?.invoke("Checkout", { each: 21 });
      assert.deepEqual(JSON.parse(first?.payload ?? ""), { status: 200, total: 42 });
      writeFileSync(join(session.folder, "fusionize.json"), '{ "functions": { "Checkout": { "inline": ["Price"] } } }');
      await until("the fused function", async () => (await functions())?.join() === "Checkout");
      const second = await session.run.running?.invoke("Checkout", { each: 21 });
      assert.equal(second?.payload, first?.payload);
      assert.equal(readFileSync(template, "utf8"), before);
    } finally {
      await vscode.commands.executeCommand("fusionize.stop", { folder: session.folder });
    }
    assert.equal(session.run.state, "stopped");
  });
});
