import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extension, until } from "./editor.ts";

async function app(name: string) {
  const { sessions } = (await extension()).exports;
  return until(`the app ${name}`, () => sessions.apps.find((session) => session.name === name && session.app));
}

/** Files that are nowhere on a disk, as of a repository that is only looked at. */
class Nowhere implements vscode.FileSystemProvider {
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  readonly #files = new Map([["/fusionize.json", '{ "app": "nowhere" }']]);
  watch = () => new vscode.Disposable(() => {});
  stat({ path }: vscode.Uri): vscode.FileStat {
    const text = this.#files.get(path);
    if (text === undefined && path !== "/") throw vscode.FileSystemError.FileNotFound(path);
    const type = text === undefined ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime: 0, mtime: 0, size: text?.length ?? 0 };
  }
  readDirectory = (): [string, vscode.FileType][] => [["fusionize.json", vscode.FileType.File]];
  readFile = ({ path }: vscode.Uri): Uint8Array => Buffer.from(this.#files.get(path) ?? "");
  writeFile = (): never => this.#refuse();
  createDirectory = (): never => this.#refuse();
  delete = (): never => this.#refuse();
  rename = (): never => this.#refuse();
  #refuse(): never {
    throw vscode.FileSystemError.NoPermissions();
  }
}

describe("a workspace of several folders", function several() {
  this.timeout(120_000);

  it("has an app in each, and shows both", async () => {
    const { sessions, functionsTree } = (await extension()).exports;
    await Promise.all(["left", "right"].map(app));
    assert.deepEqual(
      sessions.apps.map(({ name }) => name),
      ["left", "right"],
    );
    const labels: unknown[] = functionsTree.getChildren().map((row) => functionsTree.getTreeItem(row).label);
    for (const name of ["left", "right"]) assert.ok(labels.includes(name), name);
  });

  it("takes the app of the open file for a command that names none", async () => {
    const { sessions } = (await extension()).exports;
    const right = await app("right");
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(right.fileUri("src/right.ts")));
    assert.equal(await sessions.pick(), right);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("runs both at once; stopping one leaves the other alone", async () => {
    const apps = await Promise.all(["left", "right"].map(app));
    for (const session of apps)
      await vscode.workspace
        .getConfiguration("fusionize", session.uri)
        .update("fidelity", "fast", vscode.ConfigurationTarget.Workspace);
    try {
      const runs = await Promise.all(apps.map((session) => session.run.start()));
      assert.notEqual(runs[0]?.endpoint, runs[1]?.endpoint);
      await apps[0]?.run.stop();
      assert.equal(apps[0]?.run.state, "stopped");
      assert.equal((await runs[1]?.invoke("right", {}))?.payload, '"right"');
    } finally {
      await Promise.all(apps.map((session) => session.run.stop()));
    }
  });

  it("leaves a folder alone that is on no disk, and says why in the manifest", async () => {
    const found = await extension();
    const { sessions } = found.exports;
    const provider = vscode.workspace.registerFileSystemProvider("nowhere", new Nowhere());
    const count = vscode.workspace.workspaceFolders?.length ?? 0;
    try {
      assert.ok(vscode.workspace.updateWorkspaceFolders(count, 0, { uri: vscode.Uri.from({ scheme: "nowhere", path: "/" }) }));
      await until("the folder", () => vscode.workspace.workspaceFolders?.length === count + 1);
      await sessions.find();
      assert.deepEqual(
        sessions.apps.map(({ name }) => name),
        ["left", "right"],
      );
      const { capabilities } = found.packageJSON as {
        capabilities: { virtualWorkspaces: { supported: boolean; description: string } };
      };
      assert.equal(capabilities.virtualWorkspaces.supported, false);
      assert.match(capabilities.virtualWorkspaces.description, /from disk/);
    } finally {
      // Refused while the editor is still at the last change.
      await until("the folder gone", () => {
        vscode.workspace.updateWorkspaceFolders(count, 1);
        return vscode.workspace.workspaceFolders?.length === count;
      });
      provider.dispose();
    }
  });

  it("forgets the app of a folder that is taken out", async () => {
    const { sessions } = (await extension()).exports;
    const right = await app("right");
    const at = vscode.workspace.workspaceFolders?.findIndex(({ uri }) => uri.toString() === right.uri.toString()) ?? -1;
    // Refused while the editor is still at the last change.
    await until("the change", () => vscode.workspace.updateWorkspaceFolders(at, 1));
    await until("only one app", () => sessions.apps.length === 1 && sessions.apps[0]?.name === "left");
  });
});
