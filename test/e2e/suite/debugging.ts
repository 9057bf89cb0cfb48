import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import * as vscode from "vscode";
import { inWorkspace, restoring, theApp, until } from "./editor.ts";

interface Stop {
  session: vscode.DebugSession;
  frame: number;
  thread: number;
  line: number;
}

interface StackTrace {
  stackFrames: { id: number; line: number; source?: { path?: string } }[];
}

/** Where the editor shows that the code stands still; lines from 1. */
const stopIn = (path: string): Promise<Stop> =>
  until(`a stop in ${path}`, async () => {
    const item = vscode.debug.activeStackItem;
    if (!(item instanceof vscode.DebugStackFrame)) return undefined;
    const { session, threadId: thread } = item;
    const asked = session.customRequest("stackTrace", { threadId: thread, levels: 1 });
    // It goes on while it is asked.
    const trace = await asked.then(
      (value: StackTrace) => value,
      () => undefined,
    );
    const frame = trace?.stackFrames[0];
    return frame?.source?.path?.endsWith(path) ? { session, thread, frame: frame.id, line: frame.line } : undefined;
  });

const breakpoint = (path: string, line: number) =>
  new vscode.SourceBreakpoint(new vscode.Location(inWorkspace(path), new vscode.Position(line - 1, 0)));

describe("debugging", function debugging() {
  this.timeout(120_000);

  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.debug.stopDebugging();
    const { run } = await theApp();
    await until("the run to end", () => run.state === "stopped");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("stops in TypeScript, in an inlined task and in one behind a call, and goes on to the result", async () => {
    const session = await theApp();
    await restoring(["fusionize.json"], async () => {
      // `payment` runs inside `checkout`, `receipt` in a function of its own.
      writeFileSync(
        inWorkspace("fusionize.json").fsPath,
        '{ "app": "shop", "tasks": ["src/**/*.ts"], "functions": { "checkout": { "inline": ["payment"] } } }',
      );
      await session.reload();
      assert.equal(existsSync(inWorkspace(".vscode/launch.json").fsPath), false, "no launch.json is needed");
      vscode.debug.addBreakpoints([breakpoint("src/payment.ts", 4), breakpoint("src/receipt.ts", 4)]);
      const sessions: string[] = [];
      const started = vscode.debug.onDidStartDebugSession(({ name }) => sessions.push(name));
      await vscode.commands.executeCommand("fusionize.debugLocally", { folder: session.folder });
      await until("the run", () => session.run.state === "running");
      assert.ok(session.run.debugging);
      const run = session.run.running;
      assert.ok(run);
      const answer = run.invoke("checkout", { items: [1, 2, 3] });

      const inlined = await stopIn("src/payment.ts");
      assert.equal(inlined.line, 4);
      await inlined.session.customRequest("continue", { threadId: inlined.thread });

      const remote = await stopIn("src/receipt.ts");
      assert.equal(remote.line, 4);
      assert.notEqual(remote.session.id, inlined.session.id, "another instance, another session");
      const { result } = (await remote.session.customRequest("evaluate", {
        expression: "total",
        frameId: remote.frame,
        context: "repl",
      })) as { result: string };
      assert.equal(result, "6");
      await remote.session.customRequest("continue", { threadId: remote.thread });

      const { payload, functionError } = await answer;
      assert.equal(functionError, undefined);
      assert.deepEqual(JSON.parse(payload), { total: 6 });
      started.dispose();
      assert.ok(
        sessions.some((name) => /^checkout \(\d+\)/.test(name)) && sessions.some((name) => /^receipt \(\d+\)/.test(name)),
      );
    });
  });

  it("ends with its run", async () => {
    const session = await theApp();
    await vscode.commands.executeCommand("fusionize.debugLocally", { folder: session.folder });
    await until("the run", () => session.run.state === "running");
    const ended = new Promise<void>((resolve) => {
      const subscription = vscode.debug.onDidTerminateDebugSession(({ type }) => {
        if (type !== "fusionize") return;
        subscription.dispose();
        resolve();
      });
    });
    await vscode.commands.executeCommand("fusionize.stop");
    await ended;
    assert.equal(session.run.state, "stopped");
  });
});
