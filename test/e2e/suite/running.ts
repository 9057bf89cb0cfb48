import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { AppSession } from "../../../extension/vscode/model/session.ts";
import { extension, inWorkspace, restoring, theApp, until } from "./editor.ts";

/** Invokes a task with its first saved event, by the command and its quick pick; the text of the result. */
async function invoked(session: AppSession, task: string): Promise<vscode.TextDocument> {
  const known = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
  const done = vscode.commands.executeCommand("fusionize.invokeTask", { folder: session.folder, task });
  const document = await until("the result", async () => {
    await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    return vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "fusionize-result" && !known.has(uri.toString()));
  });
  await done;
  return document;
}

const shown = async () => (await extension()).exports.graphs.state;

describe("running locally", function running() {
  this.timeout(120_000);

  before(async () => {
    await vscode.workspace.getConfiguration("fusionize").update("fidelity", "fast", vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand("fusionize.runLocally");
  });

  after(async () => {
    await vscode.commands.executeCommand("fusionize.stop");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal((await theApp()).run.state, "stopped");
  });

  it("starts the emulator with the app on it", async () => {
    const { run } = await theApp();
    assert.equal(run.state, "running");
    assert.deepEqual(run.running?.deployment?.functions.map(({ root }) => root).sort(), [
      "checkout",
      "payment",
      "price",
      "receipt",
    ]);
  });

  it("invokes a task with a saved event and shows result and log", async () => {
    const session = await theApp();
    const result = await invoked(session, "checkout");
    assert.match(result.getText(), /checkout succeeded in [\d.]+ ms, trace [0-9a-f]{32}/);
    assert.match(result.getText(), /"total": 6/);
  });

  it("shows the trace of a request from the id in its log: all functions, cold starts, what was printed", async () => {
    const session = await theApp();
    const result = await invoked(session, "checkout");
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>("vscode.executeLinkProvider", result.uri);
    assert.ok(links.length >= 2, "trace id and request ids are links");
    const trace = /trace ([0-9a-f]{32})/.exec(result.getText())?.[1] ?? "";
    const request = /START RequestId: (\S+)/.exec(result.getText())?.[1] ?? "";
    assert.ok(links.every(({ target }) => target?.toString().startsWith("command:fusionize.showTraceOf")));
    await vscode.commands.executeCommand("fusionize.showTraceOf", { trace: request });
    const state = await until("the trace in the panel", async () => {
      const now = await shown();
      return now?.trace?.trace === trace ? now : undefined;
    });
    assert.deepEqual(state.trace?.lanes.map((lane) => lane.function).sort(), ["checkout", "payment", "price", "receipt"]);
    const receipt = state.trace?.lanes.find((lane) => lane.function === "receipt");
    assert.deepEqual(receipt?.spans[0]?.logs, ["INFO receipt over 6"]);
    const waiting = state.trace?.lanes.find((lane) => lane.function === "checkout")?.spans ?? [];
    assert.deepEqual(
      waiting.map(({ task, kind, mode }) => `${task} ${kind} ${mode}`),
      ["checkout entry inline", "price sync remote", "payment sync remote", "receipt async remote"],
    );
    assert.equal(state.traces?.[0]?.rank, "slowest");
  });

  it("finds the slowest request of a call", async () => {
    const { requests } = await theApp();
    const found = requests.slowest({ task: "payment", caller: "checkout" });
    assert.ok(found);
    assert.equal(requests.slowest({ task: "payment", caller: "receipt" }), undefined);
    assert.equal(found.id, requests.summaries[0]?.trace);
  });

  it("redeploys a task when it is saved, and no function that did not change", async () => {
    const session = await theApp();
    await restoring(["src/price.ts"], async () => {
      const before = new Map(session.run.running?.deployment?.functions.map(({ root, version }) => [root, version]));
      const document = await vscode.workspace.openTextDocument(inWorkspace("src/price.ts"));
      const editor = await vscode.window.showTextDocument(document);
      const at = document.positionAt(document.getText().indexOf(", 0)"));
      await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 4)), ", 1000)"));
      await document.save();
      const changed = await until("the new version", () => {
        const functions = session.run.running?.deployment?.functions ?? [];
        const others = functions.filter(({ root, version }) => before.get(root) !== version).map(({ root }) => root);
        return others.length > 0 ? others : undefined;
      });
      // The entry has a new version because it names the release; the code of nobody else was touched.
      assert.deepEqual(changed.sort(), ["checkout", "price"]);
      assert.match((await invoked(session, "checkout")).getText(), /"total": 1006/);
    });
    await until("the old code again", async () => /"total": 6\b/.test((await invoked(session, "checkout")).getText()));
  });

  it("goes on with what it has when a saved file does not parse, and says so", async () => {
    const session = await theApp();
    await restoring(["src/price.ts"], async () => {
      const document = await vscode.workspace.openTextDocument(inWorkspace("src/price.ts"));
      const editor = await vscode.window.showTextDocument(document);
      await editor.edit((edit) => edit.insert(document.positionAt(document.getText().length), "\nexport const = ;\n"));
      await document.save();
      await until("the complaint", () => session.run.message?.startsWith("Not redeployed: src/price.ts:"));
      assert.match((await invoked(session, "checkout")).getText(), /"total": 6\b/);
    });
    await until("no complaint", () => session.run.message === undefined);
  });

  it("measures a workload", async () => {
    const session = await theApp();
    await vscode.workspace.getConfiguration("fusionize").update("workload.requests", 12, vscode.ConfigurationTarget.Workspace);
    await vscode.workspace.getConfiguration("fusionize").update("workload.rate", 20, vscode.ConfigurationTarget.Workspace);
    const measured = vscode.commands.executeCommand("fusionize.runWorkload", { folder: session.folder });
    const measurement = await until("the measurement", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return session.current;
    });
    await measured;
    assert.equal(measurement.requests, 12);
    assert.equal(measurement.lostRecords, 0);
  });
});
