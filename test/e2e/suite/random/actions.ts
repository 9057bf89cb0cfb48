/** What a person may do at any moment, sensible or not. */
import { rmSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { AppSession } from "../../../../extension/vscode/model/session.ts";
import { descendants } from "../../journey/processes.ts";
import { inWorkspace } from "../editor.ts";

interface At {
  session: AppSession;
  random: () => number;
}

type Act = (at: At) => Promise<unknown>;

const pick = <T>(random: () => number, all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
const TASKS = ["checkout", "price", "payment", "receipt"];

async function edit(
  path: string,
  change: (editor: vscode.TextEditor, text: string) => Thenable<unknown>,
  save: boolean,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(inWorkspace(path));
  const editor = await vscode.window.showTextDocument(document);
  await change(editor, document.getText());
  if (save) await document.save();
}

const whole = ({ document }: vscode.TextEditor) =>
  new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));

const command =
  (id: string, more: (at: At) => object = () => ({})): Act =>
  async (at) =>
    vscode.commands.executeCommand(id, { folder: at.session.folder, ...more(at) });

/** A command that asks: the question is answered, or put away. */
const asked =
  (id: string, more: (at: At) => object = () => ({})): Act =>
  async (at) => {
    const done = command(id, more)(at);
    for (let tries = 0; tries < 6; tries += 1) {
      await delay(80);
      const answer = at.random() < 0.8 ? "workbench.action.acceptSelectedQuickOpenItem" : "workbench.action.closeQuickOpen";
      await vscode.commands.executeCommand(answer);
    }
    return done;
  };

const task = ({ random }: At): object => ({ task: pick(random, TASKS) });

/** Setups that a person may write, the wrong ones included. */
const SETUPS = [
  '{ "price": { "memory": 256 } }',
  '{ "checkout": { "inline": ["price"] } }',
  '{ "checkout": { "inline": ["price", "payment"], "inlineAsync": ["receipt"], "memory": 512 } }',
  '{ "checkout": { "inline": ["nobody"] } }',
  '{ "checkout": { "memory": 3 } }',
  '{ "checkout": ',
];

const setupText = (functions: string): string =>
  `{\n  // kept\n  "app": "shop",\n  "tasks": ["src/**/*.ts"],\n  "functions": ${functions}\n}\n`;

export const ACTIONS: [name: string, act: Act][] = [
  ["run", command("fusionize.runLocally")],
  ["run", command("fusionize.runLocally")],
  ["stop", command("fusionize.stop")],
  ["graph", command("fusionize.openCallGraph")],
  ["show in graph", command("fusionize.showInGraph", task)],
  ["invoke", asked("fusionize.invokeTask", task)],
  ["invoke", asked("fusionize.invokeTask", () => ({ task: "checkout" }))],
  ["workload", asked("fusionize.runWorkload")],
  ["suggest", command("fusionize.suggestFusion")],
  ["trace", asked("fusionize.showTrace")],
  ["setup file", command("fusionize.openSetupFile")],
  ["close", () => Promise.resolve(vscode.commands.executeCommand("workbench.action.closeAllEditors"))],
  ["close one", () => Promise.resolve(vscode.commands.executeCommand("workbench.action.closeActiveEditor"))],
  ["undo", () => Promise.resolve(vscode.commands.executeCommand("undo"))],
  [
    "edit a task",
    ({ random }) =>
      edit(
        "src/price.ts",
        (editor) =>
          editor.edit((change) =>
            change.replace(
              whole(editor),
              `import { task } from "fusionize";\n\nexport const price = task("price", async (items: number[]) => items.reduce((sum, item) => sum + item, ${Math.floor(random() * 9)}));\n`,
            ),
          ),
        random() < 0.7,
      ),
  ],
  [
    "break a file",
    ({ random }) =>
      edit(
        "src/payment.ts",
        (editor, text) =>
          editor.edit((change) => change.insert(editor.document.positionAt(Math.floor(random() * text.length)), "({")),
        random() < 0.5,
      ),
  ],
  [
    "mend a file",
    () => edit("src/payment.ts", (editor) => editor.edit((change) => change.replace(whole(editor), PAYMENT)), true),
  ],
  [
    "edit the setup",
    ({ random }) =>
      edit(
        "fusionize.json",
        (editor) => editor.edit((change) => change.replace(whole(editor), setupText(pick(random, SETUPS)))),
        random() < 0.8,
      ),
  ],
  [
    "another program writes",
    async ({ random }) => {
      const path = inWorkspace("src/extra.ts").fsPath;
      if (random() < 0.5) rmSync(path, { force: true });
      else
        writeFileSync(
          path,
          `import { task } from "fusionize";\nexport const extra = task("extra", async () => ${Math.floor(random() * 100)});\n`,
        );
    },
  ],
  [
    "kill the emulator",
    async ({ random }) => {
      const found = descendants(process.pid).filter(({ command: line }) => /emulator/.test(line));
      const one = found.length > 0 ? pick(random, found) : undefined;
      if (one) process.kill(one.pid, "SIGKILL");
    },
  ],
  [
    "lenses",
    () => Promise.resolve(vscode.commands.executeCommand("vscode.executeCodeLensProvider", inWorkspace("src/price.ts"), 20)),
  ],
  [
    "symbols",
    () =>
      Promise.resolve(
        vscode.commands.executeCommand("vscode.executeHoverProvider", inWorkspace("src/price.ts"), new vscode.Position(2, 30)),
      ),
  ],
  ["a view", () => Promise.resolve(vscode.commands.executeCommand("fusionize.functions.focus"))],
];

const PAYMENT = `import { task } from "fusionize";

export const payment = task("payment", async ({ total }: { total: number }) => {
  if (total < 0) throw new RangeError("nothing to pay");
  return { paid: total };
});
`;
