import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { inWorkspace, problems, restoring, theApp, until } from "./editor.ts";

describe("problems", () => {
  it("are empty for an app without faults", async () => {
    await theApp();
    assert.deepEqual(problems("fusionize.json"), []);
    assert.deepEqual(problems("src/checkout.ts"), []);
  });

  it("follow unsaved text: an unknown task in the setup is marked where it stands, and goes when it is undone", async () => {
    await theApp();
    await restoring(["fusionize.json"], async () => {
      const document = await vscode.workspace.openTextDocument(inWorkspace("fusionize.json"));
      const editor = await vscode.window.showTextDocument(document);
      const at = document.positionAt(document.getText().indexOf('"price"'));
      await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 7)), '"prize"'));
      assert.ok(document.isDirty);
      const [found] = await until("the problem", () =>
        problems("fusionize.json").length > 0 ? problems("fusionize.json") : undefined,
      );
      assert.equal(found?.range.start.line, at.line);
      assert.match(found?.message ?? "", /prize/);
      await vscode.commands.executeCommand("undo");
      await until("no problem", () => problems("fusionize.json").length === 0);
    });
  });

  it("name the place where fusionize.json does not parse, and nothing else breaks", async () => {
    const session = await theApp();
    await restoring(["fusionize.json"], async () => {
      writeFileSync(inWorkspace("fusionize.json").fsPath, '{ "app": "shop", "functions": { "price": }');
      const [found] = await until("the problem", () =>
        problems("fusionize.json").length > 0 ? problems("fusionize.json") : undefined,
      );
      assert.equal(found?.severity, vscode.DiagnosticSeverity.Error);
      assert.ok((session.app?.graph.tasks.length ?? 0) > 0, "the tasks are still known");
    });
    await until("no problem", () => problems("fusionize.json").length === 0);
  });

  it("name a source that does not parse, and keep the other tasks", async () => {
    const session = await theApp();
    await restoring(["src/price.ts"], async () => {
      writeFileSync(inWorkspace("src/price.ts").fsPath, "export const price = task(");
      await until("the problem", () =>
        problems("src/price.ts").some(({ severity }) => severity === vscode.DiagnosticSeverity.Error),
      );
      assert.ok(session.app?.graph.tasks.some(({ name }) => name === "checkout"));
    });
    await until("no problem", () => problems("src/price.ts").length === 0);
  });

  it("of the schema come from the editor itself: a wrong memory size", async () => {
    await theApp();
    await restoring(["fusionize.json"], async () => {
      const document = await vscode.workspace.openTextDocument(inWorkspace("fusionize.json"));
      assert.equal(document.languageId, "jsonc");
      const editor = await vscode.window.showTextDocument(document);
      const at = document.positionAt(document.getText().indexOf("256"));
      await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 3)), '"large"'));
      await until("a problem of the schema", () =>
        vscode.languages
          .getDiagnostics(document.uri)
          .some(({ source, range }) => source !== "fusionize" && range.start.line === at.line),
      );
    });
  });
});
