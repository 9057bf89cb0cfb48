/** A person at random: seeded commands and edits without a pause, some of them in each other's way. Then nothing may be left of it. */
import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { mulberry32 } from "../../../extension/optimizer/random.ts";
import { record } from "../../reliability/outcome.ts";
import { descendants } from "../journey/processes.ts";
import { inWorkspace, restoring, theApp, until } from "./editor.ts";
import { ACTIONS } from "./random/actions.ts";
import { measure, type Measured } from "./random/measure.ts";

const minutes = Number(process.env["FUSIONIZE_RANDOM_MINUTES"] ?? 1);
const seed = Number(process.env["FUSIONIZE_SEED"] ?? 1);
/** An action that takes longer is left to go on beside the next ones, as an impatient person does. */
const PATIENCE_MS = 1_500;
/** How often everything is stopped and looked at, ms. */
const LOOK_EVERY = 60_000;
/** Files that the actions touch. */
const FILES = ["fusionize.json", "src/checkout.ts", "src/price.ts", "src/payment.ts", "src/receipt.ts"];
/** MB of heap, and handles, that may be more than after the first look: caches that fill, not a leak, which would be many times that. */
const MORE = { heapMb: 30, handles: 15, listeners: 10 };

/** What was begun and has not ended. */
const pending = new Map<Promise<unknown>, string>();
/** ms for everything to end that is under way: a deploy, a workload, a search. */
const SETTLED_WITHIN = 60_000;

/** Stops everything, as a person does at the end of the day: again, where something that was begun before starts it once more. */
async function settle(): Promise<void> {
  const session = await theApp();
  const { run } = session;
  const quiet = (): boolean => pending.size === 0 && run.state === "stopped" && !run.busy && ours().length === 0;
  for (const deadline = Date.now() + SETTLED_WITHIN; !quiet(); await delay(200)) {
    if (Date.now() > deadline) {
      const left = ours().map(({ command }) => command.slice(0, 120));
      throw new Error(`stuck: ${JSON.stringify({ state: run.state, busy: run.busy, pending: [...pending.values()], left })}`);
    }
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    await vscode.commands.executeCommand("notifications.clearAll");
    await Promise.race([vscode.commands.executeCommand("fusionize.stop", { folder: session.folder }), delay(5_000)]);
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}

/** Processes below the extension host that are not VS Code's own, but for esbuild's one service, which stays for the next build. */
const ours = () =>
  descendants(process.pid).filter(({ command }) => !/[\\/]lib[\\/]vscode[\\/]|esbuild\S* --service=/.test(command));

/** But for the editor's own home. */
const folders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith("fusionize-") && !name.startsWith("fusionize-vscode-"));

describe("a long run", function longRun() {
  this.timeout((minutes + 5) * 60_000);

  it("of seeded commands and edits leaves nothing behind and nothing stuck", async () => {
    const session = await theApp();
    const random = mulberry32(seed);
    const counts = new Map<string, number>();
    const failures = new Map<string, number>();
    const looks: Measured[] = [];
    const began = Date.now();
    let failure: unknown;
    try {
      await restoring(FILES, async () => {
        const end = began + minutes * 60_000;
        let nextLook = began + Math.min(LOOK_EVERY, (minutes * 60_000) / 4);
        while (Date.now() < end) {
          const [name, act] = ACTIONS[Math.floor(random() * ACTIONS.length)]!;
          counts.set(name, (counts.get(name) ?? 0) + 1);
          const acted = act({ session, random }).catch((error: unknown) => {
            const kind = error instanceof Error ? `${name}: ${error.message}` : name;
            failures.set(kind.slice(0, 120), (failures.get(kind.slice(0, 120)) ?? 0) + 1);
          });
          pending.set(acted, name);
          void acted.then(() => pending.delete(acted));
          await Promise.race([acted, delay(PATIENCE_MS)]);
          if (Date.now() < nextLook) continue;
          nextLook = Date.now() + LOOK_EVERY;
          await settle();
          looks.push(measure());
        }
        await settle();
      }).finally(() => rmSync(inWorkspace("src/extra.ts").fsPath, { force: true }));
      await settle();
      looks.push(measure());
      // The next command works.
      await until("the four tasks", () => session.app?.graph.tasks.length === 4).catch((error: unknown) => {
        const { tasks = [], diagnostics = [] } = session.app?.graph ?? {};
        const dirty = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty).map(({ uri }) => uri.path);
        const said = {
          tasks: tasks.map(({ name }) => name),
          diagnostics: diagnostics.map(({ file, message }) => `${file}: ${message}`),
          dirty,
        };
        throw new Error(`the app is not as it was: ${JSON.stringify(said)}`, { cause: error });
      });
      await vscode.commands.executeCommand("fusionize.runLocally", { folder: session.folder });
      assert.equal(session.run.state, "running");
      await settle();
      await until("temporary folders to go", () => folders().length === 0).catch(() => assert.deepEqual(folders(), []));
      const [first, last] = [looks[0]!, looks.at(-1)!];
      assert.ok(last.heapMb <= first.heapMb + MORE.heapMb, `heap: ${looks.map(({ heapMb }) => heapMb).join(", ")} MB`);
      assert.ok(last.handles <= first.handles + MORE.handles, `handles: ${looks.map(({ handles }) => handles).join(", ")}`);
      assert.ok(
        last.listeners <= first.listeners + MORE.listeners,
        `listeners: ${looks.map(({ listeners }) => listeners).join(", ")}`,
      );
    } catch (error) {
      failure = error;
    }
    const actions = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const told = [...failures].map(([kind, count]) => `${kind} ×${count}`).join("; ");
    console.log(`actions: ${JSON.stringify(Object.fromEntries(counts))}\nlooks: ${JSON.stringify(looks)}\nrefused: ${told}`);
    record({
      kind: "editor",
      fault: `${minutes} minutes of commands and edits: runs, stops, invocations, workloads, killed emulators, broken and mended files, open and closed panels`,
      holds:
        "heap, handles and listeners of the extension host do not grow, no process and no temporary folder is left, nothing is stuck, the next command works",
      tries: actions,
      failed: failure === undefined ? 0 : 1,
      firstSeed: seed,
      seen:
        failure === undefined
          ? `heap ${looks[0]?.heapMb} MB after the first minute, ${looks.at(-1)?.heapMb} MB at the end; handles ${looks[0]?.handles} and ${looks.at(-1)?.handles}`
          : failure instanceof Error
            ? failure.message
            : "something that is no error was thrown",
      seconds: Math.round((Date.now() - began) / 1000),
    });
    if (failure !== undefined) throw failure;
  });
});
