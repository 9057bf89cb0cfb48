import assert from "node:assert/strict";
import { existsSync, renameSync } from "node:fs";
import * as vscode from "vscode";
import { inWorkspace, problems, restoring, theApp, until } from "./editor.ts";

const lensesOf = async (path: string): Promise<string[]> => {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", inWorkspace(path), 20);
  return found.filter(({ command }) => command?.command.startsWith("fusionize.")).map(({ command }) => command?.title ?? "");
};

const actionsAt = (uri: vscode.Uri, range: vscode.Range, kind: string) =>
  vscode.commands.executeCommand<vscode.CodeAction[]>("vscode.executeCodeActionProvider", uri, range, kind, 10);

async function open(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(inWorkspace(path)));
}

const positionOf = ({ document }: vscode.TextEditor, text: string, by = 0) =>
  document.positionAt(document.getText().indexOf(text) + by);

describe("at a task's definition", () => {
  it("a code lens names its function and runs it, only where a task is", async () => {
    await theApp();
    await open("src/price.ts");
    const titles = await lensesOf("src/price.ts");
    assert.ok(titles.includes("$(play) Run"), titles.join());
    assert.ok(titles.includes("function price · 256 MB"), titles.join());
    await vscode.workspace.fs.writeFile(
      inWorkspace("src/plain.ts"),
      Buffer.from("export const task = (name: string) => name;\ntask('x');\n"),
    );
    try {
      await open("src/plain.ts");
      assert.deepEqual(await lensesOf("src/plain.ts"), []);
    } finally {
      await vscode.commands.executeCommand("workbench.action.closeAllEditors");
      await vscode.workspace.fs.delete(inWorkspace("src/plain.ts"));
    }
  });

  it("hovering the name tells the same and who calls it; a setting turns both off", async () => {
    await theApp();
    const editor = await open("src/price.ts");
    const at = positionOf(editor, '"price"', 2);
    const hovers = async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", editor.document.uri, at);
      return found.flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value)).join("\n");
    };
    assert.match(await hovers(), /Task price[\s\S]*function price · 256 MB[\s\S]*checkout/);
    const configuration = vscode.workspace.getConfiguration("fusionize", editor.document.uri);
    await configuration.update("codeLens", false, vscode.ConfigurationTarget.Workspace);
    try {
      await until("no lens", async () => (await lensesOf("src/price.ts")).length === 0);
      assert.doesNotMatch(await hovers(), /Task price/);
    } finally {
      await configuration.update("codeLens", undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it("F2 renames the task: definition, fusionize.json and events follow, and undo brings all of it back", async () => {
    const session = await theApp();
    await restoring(["src/checkout.ts", "src/price.ts", "fusionize.json"], async () => {
      const editor = await open("src/price.ts");
      const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        "vscode.executeDocumentRenameProvider",
        editor.document.uri,
        positionOf(editor, '"price"', 2),
        "cost",
      );
      assert.ok(await vscode.workspace.applyEdit(edit));
      assert.match(editor.document.getText(), /price = task\("cost",/);
      await until("the renamed task", () => session.app?.graph.tasks.some(({ name }) => name === "cost"));
      assert.deepEqual(session.app?.setup, { cost: { memory: 256 } });
      assert.deepEqual(problems("fusionize.json"), []);
    });
    await restoring(["src/checkout.ts", "fusionize.json"], async () => {
      const editor = await open("src/checkout.ts");
      const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        "vscode.executeDocumentRenameProvider",
        editor.document.uri,
        positionOf(editor, '"checkout"', 2),
        "order",
      );
      assert.ok(await vscode.workspace.applyEdit(edit));
      try {
        assert.ok(existsSync(inWorkspace("events/order/three.json").fsPath), "the saved events moved");
        assert.equal(existsSync(inWorkspace("events/checkout").fsPath), false);
      } finally {
        if (!existsSync(inWorkspace("events/checkout").fsPath))
          renameSync(inWorkspace("events/order").fsPath, inWorkspace("events/checkout").fsPath);
      }
    });
  });

  it("F2 refuses a name that cannot be one, and one that is taken", async () => {
    await theApp();
    const editor = await open("src/price.ts");
    const rename = (to: string) =>
      vscode.commands.executeCommand(
        "vscode.executeDocumentRenameProvider",
        editor.document.uri,
        positionOf(editor, '"price"', 2),
        to,
      );
    await assert.rejects(async () => rename("two words"), /cannot name a task/);
    await assert.rejects(async () => rename("payment"), /already/);
  });

  it("“Move to fusion group…” makes the chosen functions run it, and undo takes it back", async () => {
    const session = await theApp();
    await restoring(["fusionize.json"], async () => {
      const editor = await open("src/payment.ts");
      const at = positionOf(editor, '"payment"', 2);
      const [action] = (await actionsAt(editor.document.uri, new vscode.Range(at, at), "refactor.move")).filter(({ title }) =>
        title.startsWith("Move to fusion group"),
      );
      assert.ok(action?.command);
      assert.equal(action.disabled, undefined);
      const [target] = action.command.arguments as [object];
      await vscode.commands.executeCommand(action.command.command, { ...target, functions: ["checkout"] });
      await until("the new setup", () => session.app?.setup["checkout"]?.inline?.includes("payment"));
      const setup = await open("fusionize.json");
      assert.match(setup.document.getText(), /measured in March/);
      await vscode.commands.executeCommand("undo");
      await until("the old setup", () => session.app?.setup["checkout"] === undefined);
    });
  });
});

describe("problems carry fixes", () => {
  it("a name in fusionize.json that was mistyped is corrected by the preferred fix, alone", async () => {
    await theApp();
    await restoring(["fusionize.json"], async () => {
      const editor = await open("fusionize.json");
      const at = positionOf(editor, '"price"');
      await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 7)), '"prize"'));
      const [problem] = await until("the problem", () =>
        problems("fusionize.json").length > 0 ? problems("fusionize.json") : undefined,
      );
      const fixes = await actionsAt(editor.document.uri, problem!.range, "quickfix");
      assert.deepEqual(
        fixes.map(({ title, isPreferred }) => [title, isPreferred ?? false]),
        [
          ["Change to “price”", true],
          ["Remove “prize”", false],
        ],
      );
      assert.ok(fixes[0]?.edit);
      assert.ok(await vscode.workspace.applyEdit(fixes[0].edit));
      await until("no problem", () => problems("fusionize.json").length === 0);
    });
  });

  it("a call that nothing waits for is awaited", async () => {
    await theApp();
    await restoring(["src/checkout.ts"], async () => {
      const editor = await open("src/checkout.ts");
      const at = positionOf(editor, "await payment");
      await editor.edit((edit) => edit.delete(new vscode.Range(at, at.translate(0, 6))));
      const problem = await until("the problem", () =>
        problems("src/checkout.ts").find(({ code }) => code === "call-not-awaited"),
      );
      const [fix] = (await actionsAt(editor.document.uri, problem.range, "quickfix")).filter(
        ({ title }) => title === "Await the call",
      );
      assert.ok(fix?.edit);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await until("no problem", () => problems("src/checkout.ts").length === 0);
      assert.match(editor.document.getText(), /await payment/);
    });
  });
});
