import assert from "node:assert/strict";
import * as vscode from "vscode";
import { extension, theApp } from "./editor.ts";

describe("activation", () => {
  it("happens by itself in a workspace with a fusionize.json, and takes less than 50 ms", async () => {
    const found = vscode.extensions.getExtension("fusionize.fusionize");
    assert.ok(found);
    await theApp();
    assert.ok(found.isActive);
    const { activationMs } = (await extension()).exports;
    assert.ok(activationMs < 50, `${activationMs.toFixed(1)} ms`);
  });

  it("reads the app's tasks, calls and functions", async () => {
    const session = await theApp();
    const names = session.app?.graph.tasks.map(({ name }) => name).sort();
    assert.deepEqual(names, ["checkout", "payment", "price", "receipt"]);
    const calls = session.app?.graph.calls.map(({ from, to, kind }) => `${from} ${kind} ${to}`).sort();
    assert.deepEqual(calls, ["checkout async receipt", "checkout sync payment", "checkout sync price"]);
    assert.equal(session.app?.functions.find(({ root }) => root === "price")?.memory, 256);
  });
});
