import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { inWorkspace, restoring, theApp, until } from "./editor.ts";

const tasks = (session: Awaited<ReturnType<typeof theApp>>) => session.app?.graph.tasks.map(({ name }) => name) ?? [];

describe("the app in the workspace", () => {
  it("follows a file that another program writes and deletes", async () => {
    const session = await theApp();
    const path = inWorkspace("src/refund.ts").fsPath;
    try {
      writeFileSync(path, 'import { task } from "fusionize";\nexport const refund = task("refund", async () => null);\n');
      await until("the new task", () => tasks(session).includes("refund"));
    } finally {
      rmSync(path, { force: true });
    }
    await until("the task to go", () => !tasks(session).includes("refund"));
    // VS Code's own watcher was seen to miss the deletion once on a machine with a load of fourteen.
  }).retries(1);

  it("follows text that is not saved", async () => {
    const session = await theApp();
    await restoring(["src/price.ts"], async () => {
      const document = await vscode.workspace.openTextDocument(inWorkspace("src/price.ts"));
      const editor = await vscode.window.showTextDocument(document);
      const end = document.positionAt(document.getText().length);
      await editor.edit((edit) => edit.insert(end, '\nexport const rebate = task("rebate", async () => 0);\n'));
      await until("the new task", () => tasks(session).includes("rebate"));
      assert.ok(document.isDirty);
    });
    await until("the task to go", () => !tasks(session).includes("rebate"));
  });
});
