/** Invoke Task…: a task, an event, the result beside the editor. */
import * as vscode from "vscode";
import type { SavedEvent } from "../../../application/events.ts";
import { reading } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";
import { withProgress } from "../../progress.ts";
import type { InvocationResults } from "./results.ts";

export async function invokeTask(session: AppSession, results: InvocationResults, named?: string): Promise<void> {
  const task = named ?? (await askTask(session));
  const event = await askEvent(session, task);
  const run = await session.run.start();
  const result = await withProgress({ title: vscode.l10n.t("Invoking {0}", task) }, ({ signal }) =>
    session.run.during(() => run.invoke(task, event, { signal })),
  );
  await results.show(task, event, result, session.folder);
  if (result.trace) await session.awaitRequest(result.trace);
}

/** Only tasks that have a function of their own can be invoked. */
export async function askTask(session: AppSession): Promise<string> {
  const tasks = session.app?.graph.tasks ?? [];
  const roots = new Set(session.app?.functions.map(({ root }) => root));
  const items = tasks
    .filter(({ name }) => roots.has(name))
    .sort((a, b) => Number(b.entry) - Number(a.entry) || a.name.localeCompare(b.name))
    .map(({ name, entry, file, line }) => ({
      label: name,
      description: entry ? vscode.l10n.t("entry") : "",
      detail: `${file}:${line}`,
    }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Invoke Task"),
    placeHolder: vscode.l10n.t("Which task?"),
  });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.label;
}

async function askEvent(session: AppSession, task: string): Promise<unknown> {
  const { savedEvents } = await reading();
  const saved = await savedEvents(await session.onDisk(), task);
  if (saved.length === 0) return typeEvent(task, "{}");
  const other = vscode.l10n.t("$(edit) Type an event…");
  const items: (vscode.QuickPickItem & { saved?: SavedEvent })[] = [
    ...saved.map((event) => ({ label: event.name, description: JSON.stringify(event.event), saved: event })),
    { label: other },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: task, placeHolder: vscode.l10n.t("Which event?") });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.saved ? chosen.saved.event : typeEvent(task, JSON.stringify(saved[0]?.event ?? {}));
}

async function typeEvent(task: string, value: string): Promise<unknown> {
  const text = await vscode.window.showInputBox({
    title: task,
    prompt: vscode.l10n.t("The event, as JSON. Save events as events/{0}/<name>.json to pick them here.", task),
    value,
    validateInput: (entered) => {
      try {
        JSON.parse(entered);
        return undefined;
      } catch (error) {
        return vscode.l10n.t("Not JSON: {0}", (error as Error).message);
      }
    },
  });
  if (text === undefined) throw new vscode.CancellationError();
  return JSON.parse(text);
}
