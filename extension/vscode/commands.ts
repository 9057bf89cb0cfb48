/** Every command, as one line that says what it calls. */
import * as vscode from "vscode";
import { showingErrors } from "./errors.ts";
import { startDebugging } from "./features/debug/debug.ts";
import { type GraphPanels, taskAt } from "./features/graph/index.ts";
import { type Consent, deployToAws } from "./features/deploy/deploy.ts";
import type { DeploymentTree } from "./features/deploy/deploymentTree.ts";
import { destroyDeployment, rollBack } from "./features/deploy/undo.ts";
import { openSource } from "./features/graph/source.ts";
import { askWorkload } from "./features/run/askWorkload.ts";
import { askTask, invokeTask } from "./features/run/invoke.ts";
import type { InvocationResults } from "./features/run/results.ts";
import { measure } from "./features/run/workload.ts";
import { moveToGroup } from "./features/refactor/move.ts";
import { createSample } from "./features/setup/sample.ts";
import { createSetupFile } from "./features/setup/create.ts";
import { showMenu } from "./features/status/menu.ts";
import { acceptSetup, acceptSuggestion, verifyAccepted } from "./features/suggestion/accept.ts";
import { suggestFusion } from "./features/suggestion/suggest.ts";
import { chooseTrace } from "./features/trace/show.ts";
import { type CommandId, registerCommand, type TaskTarget } from "./ids.ts";
import { log } from "./log.ts";
import type { AppSession } from "./model/session.ts";
import type { AppSessions, AppTarget } from "./model/sessions.ts";
import { withProgress } from "./progress.ts";

export interface Parts {
  sessions: AppSessions;
  graphs: GraphPanels;
  results: InvocationResults;
  /** Folder of the extension. */
  extension: vscode.Uri;
  deployments: DeploymentTree;
  consent: Consent;
}

const taskOf = (target: AppTarget | TaskTarget | undefined): string | undefined =>
  target && "task" in target && typeof target.task === "string" ? target.task : undefined;

/** The task at the cursor of the active editor, for commands that come without a target. */
function taskAtCursor(session: AppSession): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  return taskAt(session, editor.document.uri, editor.selection.active.line + 1);
}

export function registerCommands({ sessions, graphs, results, deployments, consent, extension }: Parts): vscode.Disposable[] {
  const command = <Id extends CommandId>(
    id: Id,
    body: (...args: Parameters<Parameters<typeof registerCommand<Id>>[1]>) => unknown,
  ) => registerCommand(id, (...args) => showingErrors(() => body(...args)));
  return [
    command("fusionize.openCallGraph", async (target) => void graphs.show(await sessions.pick(target))),
    command("fusionize.showInGraph", async (target) => {
      const session = await sessions.pick(target);
      const panel = graphs.show(session);
      const task = taskOf(target) ?? taskAtCursor(session);
      if (task) panel.reveal(task);
    }),
    command("fusionize.showTrace", async (target) => {
      const session = await sessions.pick(target);
      const trace = await chooseTrace(session, undefined);
      await graphs.show(session).showTrace(trace);
    }),
    command("fusionize.showTraceOf", async (of) => {
      // Links are text that a task may have printed.
      const id = typeof of?.trace === "string" ? of.trace.slice(0, 100) : undefined;
      const known = id === undefined ? undefined : sessions.apps.find(({ requests }) => requests.find(id));
      const session = known ?? (await sessions.pick(typeof of?.folder === "string" ? { folder: of.folder } : undefined));
      const task = typeof of?.task === "string" ? of.task : undefined;
      const trace = (task === undefined ? undefined : session.requests.slowest({ task })) ?? (await chooseTrace(session, id));
      await graphs.show(session).showTrace(trace);
    }),
    command("fusionize.runLocally", async (target) => void (await (await sessions.pick(target)).run.start())),
    command("fusionize.debugLocally", async (target) => startDebugging(await sessions.pick(target))),
    command("fusionize.stop", async (target) => {
      const running = sessions.all.filter(({ run }) => run.state !== "stopped");
      const chosen = target?.folder === undefined && running.length > 0 ? running : [await sessions.pick(target)];
      await Promise.all(chosen.map(({ run }) => run.stop()));
    }),
    command("fusionize.invokeTask", async (target) => invokeTask(await sessions.pick(target), results, taskOf(target))),
    command("fusionize.runWorkload", async (target) => {
      const session = await sessions.pick(target);
      const shape = await askWorkload(session, taskOf(target));
      await withProgress({ title: `Fusionize: ${session.name}` }, (work) => measure(session, shape, work));
    }),
    command("fusionize.suggestFusion", async (target) => {
      const session = await sessions.pick(target);
      await suggestFusion(session, () => graphs.shows(session));
    }),
    command("fusionize.acceptSuggestion", async (target) => acceptSuggestion(await sessions.pick(target))),
    command("fusionize.acceptSetup", async (target, id) => {
      const session = await sessions.pick(target);
      const setup = session.knownSetup(id);
      if (setup) await acceptSetup(session, setup);
    }),
    command("fusionize.verifyAccepted", async (folder, accepted, previous) =>
      verifyAccepted(await sessions.pick({ folder }), accepted, previous),
    ),
    command("fusionize.dismissSuggestion", async (target) => (await sessions.pick(target)).dismissSuggestion()),
    command("fusionize.deployToAws", async (target) => deployToAws(await sessions.pick(target), deployments, consent)),
    command("fusionize.rollBack", async (target) => rollBack(await sessions.pick(target), deployments)),
    command("fusionize.destroyDeployment", async (target) => destroyDeployment(await sessions.pick(target), deployments)),
    command("fusionize.agreeToPlan", (target) => consent.answer(target?.folder, true)),
    command("fusionize.discardPlan", (target) => consent.answer(target?.folder, false)),
    command("fusionize.copyUrl", async (row) => {
      if (typeof row?.url === "string") await vscode.env.clipboard.writeText(row.url);
    }),
    command("fusionize.moveToGroup", async (target) => {
      const session = await sessions.pick(target);
      const task = taskOf(target) ?? taskAtCursor(session) ?? (await askTask(session));
      await moveToGroup(session, task, target && "functions" in target ? target.functions : undefined);
    }),
    command("fusionize.useSetup", async (target) => {
      const session = await sessions.pick(target);
      const setup = session.knownSetup(target?.setupId ?? "");
      if (setup) await acceptSetup(session, setup);
    }),
    command("fusionize.compareSetup", async (target) => {
      const session = await sessions.pick(target);
      graphs.show(session).compare(target?.setupId);
    }),
    command("fusionize.createSample", (into) => createSample(extension, typeof into === "string" ? into : undefined)),
    command("fusionize.createSetupFile", () => createSetupFile(sessions)),
    command("fusionize.openSetupFile", async (target) => {
      const session = await sessions.pick(target);
      if (session.hasSetupFile) await vscode.window.showTextDocument(session.setupUri);
      else await createSetupFile(sessions);
    }),
    command("fusionize.openSource", async (folder, file, line, column) =>
      openSource(await sessions.pick({ folder }), file, line, column),
    ),
    command("fusionize.menu", async () => showMenu(await sessions.pick())),
    command("fusionize.showLog", () => log().show(true)),
  ];
}
