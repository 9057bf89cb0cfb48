/**
 * Not tests but measurements, for the bench of the extension: what a person waits for in the editor. Numbers go as one JSON
 * object to the file FUSIONIZE_MEASURED; what does not apply to a workspace is left out.
 */
import { writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { extension, inWorkspace, until } from "./editor.ts";

/** Edits measured, after one that is not. */
const EDITS = 5;

const numbers: Record<string, number> = {};

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe("the extension", function measured() {
  this.timeout(240_000);

  after(() => writeFileSync(process.env["FUSIONIZE_MEASURED"] ?? "measured.json", JSON.stringify(numbers)));

  it("activates and reads the workspace", async () => {
    const { exports } = await extension();
    numbers["activation"] = exports.activationMs;
    const [session] = await until("the reading", () => {
      const known = exports.sessions.all;
      return known.length > 0 && known.every(({ firstReadMs }) => firstReadMs !== undefined) ? known : undefined;
    });
    numbers["first reading"] = session?.firstReadMs ?? 0;
  });

  it("reads again after one edit", async function edit() {
    const [session] = (await extension()).exports.sessions.apps;
    const task = session?.app?.graph.tasks[0];
    if (!session || !task) return this.skip();
    const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(session.fileUri(task.file)));
    const times: number[] = [];
    for (let round = 0; round <= EDITS; round += 1) {
      await editor.edit((change) => change.insert(new vscode.Position(0, 0), `// ${round}\n`));
      const began = performance.now();
      // As the watcher of unsaved edits does.
      await session.reload([editor.document.uri.fsPath]);
      times.push(performance.now() - began);
    }
    numbers["reading after an edit"] = median(times.slice(1));
    await vscode.commands.executeCommand("workbench.action.files.revert");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("opens the call graph", async function graph() {
    const { graphs, sessions } = (await extension()).exports;
    if (sessions.apps.length === 0) return this.skip();
    await vscode.commands.executeCommand("fusionize.openCallGraph");
    numbers["call graph on the screen"] = await until("the picture", () => graphs.drawnMs);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("answers with the new code after a save", async function redeploy() {
    const [session] = (await extension()).exports.sessions.apps;
    if (session?.name !== "iot") return this.skip();
    await vscode.workspace.getConfiguration("fusionize").update("fidelity", "fast", vscode.ConfigurationTarget.Workspace);
    await session.run.start();
    const document = await vscode.workspace.openTextDocument(inWorkspace("src/check-sensor.ts"));
    const editor = await vscode.window.showTextDocument(document);
    const times: number[] = [];
    const event = { originalEvent: { sensorID: 17 } };
    const answer = async () => JSON.stringify((await session.run.running?.invoke("checkSensor", event))?.payload);
    for (let round = 0; round <= EDITS; round += 1) {
      const former = await answer();
      const at = document.getText().search(/\d+ \+ sensorID/);
      const from = document.positionAt(at);
      await editor.edit((change) =>
        change.replace(new vscode.Range(from, from.translate(0, 4)), String(3000 + 2000 * (round % 3))),
      );
      const began = performance.now();
      await document.save();
      while ((await answer()) === former) if (performance.now() - began > 30_000) throw new Error("The old code still answers.");
      times.push(performance.now() - began);
    }
    numbers["save to first answer"] = median(times.slice(1));
    await session.run.stop();
  });
});
