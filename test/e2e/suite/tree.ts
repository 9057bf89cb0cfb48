import assert from "node:assert/strict";
import * as vscode from "vscode";
import { FunctionsTree } from "../../../extension/vscode/features/tree/functionsTree.ts";
import { extension, theApp } from "./editor.ts";

/** The tree as a reader sees it: one line per row, two spaces per level. */
function drawn(tree: FunctionsTree, rows = tree.getChildren(), indent = ""): string[] {
  return rows.flatMap((row) => {
    const item = tree.getTreeItem(row);
    assert.equal(typeof item.label, "string");
    return [`${indent}${item.label as string} · ${item.description}`, ...drawn(tree, tree.getChildren(row), `${indent}  `)];
  });
}

describe("the Functions view", () => {
  it("shows functions with their memory and tasks", async () => {
    await theApp();
    const { functionsTree } = (await extension()).exports;
    assert.deepEqual(drawn(functionsTree), [
      "checkout · 128 MB",
      "  checkout · entry",
      "payment · 128 MB",
      "  payment · root",
      "price · 256 MB",
      "  price · root",
      "receipt · 128 MB",
      "  receipt · root",
    ]);
  });

  it("opens in the side bar", async () => {
    await vscode.commands.executeCommand("fusionize.functions.focus");
    await vscode.commands.executeCommand("workbench.view.explorer");
  });
});
