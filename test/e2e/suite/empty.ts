import assert from "node:assert/strict";
import * as vscode from "vscode";

describe("a workspace without tasks", () => {
  it("does not start the extension", () => {
    assert.equal(vscode.extensions.getExtension("fusionize.fusionize")?.isActive, false);
  });
});
