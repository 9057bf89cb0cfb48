import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import type { AppSession } from "../../../extension/vscode/model/session.ts";
import type { Evaluation } from "../../../extension/optimizer/types.ts";
import { inWorkspace, problems, restoring, theApp, until } from "./editor.ts";

const evaluation = (p50: number, costPerMillion: number, setup: Evaluation["setup"]): Evaluation => ({
  setup,
  latency: { mean: p50, p50, p95: p50 },
  costPerMillion,
  invocations: 1,
  terms: {
    cost: { ownCompute: costPerMillion, doubleBilled: 0, hopCpu: 0, hopWait: 0, requestFees: 0, coldStart: 0, payload: 0 },
    latency: { cpu: p50, wait: 0, hopCpu: 0, hopWait: 0, coldStart: 0, payload: 0 },
  },
});

function suggest(session: AppSession): void {
  const setup = { checkout: { memory: 512, inline: ["payment", "price"] } };
  session.search = {
    front: [],
    suggestion: {
      setup,
      forSetup: session.app?.setupId ?? "",
      current: evaluation(120, 4, {}),
      expected: evaluation(60, 2.5, setup),
      title: "Inline payment and price into checkout",
      reasons: ["checkout pays for 70 ms of waiting."],
      flips: [],
      changes: [{ task: "checkout", message: "Inline payment and price: checkout waits for them." }],
    },
  };
}

async function quickFixes(path: string): Promise<vscode.CodeAction[]> {
  const range = problems(path)[0]?.range;
  assert.ok(range);
  await vscode.workspace.openTextDocument(inWorkspace(path));
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    inWorkspace(path),
    range,
    "quickfix",
    10,
  );
}

const acceptAt = async (path: string) =>
  (await quickFixes(path)).find(({ title }) => title.startsWith("Accept suggested fusion"));

describe("a suggestion", () => {
  afterEach(async () => {
    (await theApp()).search = undefined;
  });

  it("shows on the task's definition and on fusionize.json, as information with reason, latency and cost", async () => {
    const session = await theApp();
    suggest(session);
    const [atTask] = await until("the problem on the task", () =>
      problems("src/checkout.ts").length > 0 ? problems("src/checkout.ts") : undefined,
    );
    assert.equal(atTask?.severity, vscode.DiagnosticSeverity.Information);
    assert.equal(atTask.range.start.line, 5);
    assert.match(atTask.message, /checkout waits.*120 ms → 60 ms.*\$4\.00 → \$2\.50/);
    const [atSetup] = await until("the problem on the setup", () =>
      problems("fusionize.json").length > 0 ? problems("fusionize.json") : undefined,
    );
    assert.match(atSetup?.message ?? "", /Inline payment and price.*pays for 70 ms of waiting/);
    assert.equal(atSetup?.range.start.line, 4);
  });

  it("carries one preferred quick fix on both", async () => {
    const session = await theApp();
    suggest(session);
    for (const path of ["src/checkout.ts", "fusionize.json"]) {
      await until(`the problem in ${path}`, () => problems(path).length > 0);
      const fix = await acceptAt(path);
      assert.equal(fix?.title, "Accept suggested fusion: p50 −50 %, cost −38 %");
      assert.equal(fix.isPreferred, true);
      assert.equal((await quickFixes(path)).filter(({ isPreferred }) => isPreferred).length, 1);
    }
  });

  it("is accepted by an edit that keeps comments, is saved, and can be undone", async () => {
    const session = await theApp();
    await restoring(["fusionize.json"], async () => {
      const path = inWorkspace("fusionize.json").fsPath;
      const before = readFileSync(path, "utf8");
      suggest(session);
      await until("the problem", () => problems("fusionize.json").length > 0);
      const fix = await acceptAt("fusionize.json");
      assert.ok(fix?.edit && fix.command);
      const document = await vscode.workspace.openTextDocument(inWorkspace("fusionize.json"));
      await vscode.window.showTextDocument(document);
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      await vscode.commands.executeCommand(fix.command.command, ...(fix.command.arguments ?? []));
      const after = readFileSync(path, "utf8");
      assert.match(after, /\/\/ The shop of the tests: one entry, three callees\./);
      assert.deepEqual(session.app?.setup, { checkout: { memory: 512, inline: ["payment", "price"] } });
      assert.equal(session.suggestion, undefined, "an accepted suggestion is no longer open");
      await until("no problem", () => problems("fusionize.json").length === 0 && problems("src/checkout.ts").length === 0);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("undo");
      assert.equal(document.getText(), before);
    });
  });

  it("is out of date after another edit of the setup: its problems go", async () => {
    const session = await theApp();
    await restoring(["fusionize.json"], async () => {
      suggest(session);
      await until("the problem", () => problems("src/checkout.ts").length > 0);
      const document = await vscode.workspace.openTextDocument(inWorkspace("fusionize.json"));
      const editor = await vscode.window.showTextDocument(document);
      const at = document.positionAt(document.getText().indexOf("256"));
      await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, 3)), "1024"));
      await until("no problem", () => problems("src/checkout.ts").length === 0);
    });
  });

  it("can be accepted by the command as well, and dismissed", async () => {
    const session = await theApp();
    await restoring(["fusionize.json"], async () => {
      suggest(session);
      await vscode.commands.executeCommand("fusionize.acceptSuggestion");
      assert.match(readFileSync(inWorkspace("fusionize.json").fsPath, "utf8"), /"inline": \[\s*"payment",\s*"price"\s*\]/);
    });
    suggest(session);
    await vscode.commands.executeCommand("fusionize.dismissSuggestion", { folder: session.folder });
    assert.equal(session.suggestion, undefined);
  });
});
