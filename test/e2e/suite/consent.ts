import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { inWorkspace, restoring, theApp, until } from "./editor.ts";

describe("commands of local.services", () => {
  it("do not run before somebody has agreed to them, also in a trusted workspace", async () => {
    const session = await theApp();
    const ran = inWorkspace("ran").fsPath;
    await restoring(["fusionize.json"], async () => {
      const service = `node -e "require('fs').writeFileSync('ran', '')"`;
      writeFileSync(inWorkspace("fusionize.json").fsPath, JSON.stringify({ app: "shop", local: { services: [service] } }));
      await until("the services", () => session.app?.config?.local.services.length === 1);
      // In tests the editor shows no modal question: nobody agrees.
      await vscode.commands.executeCommand("fusionize.runLocally", { folder: session.folder });
      assert.equal(session.run.state, "stopped");
      assert.equal(existsSync(ran), false);
    }).finally(() => rmSync(ran, { force: true }));
  });
});
