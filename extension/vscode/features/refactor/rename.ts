/** F2 on a task's name: the definition, `fusionize.json` and the saved events follow, as one step that can be undone. */
import * as vscode from "vscode";
import type { Task } from "../../../core/graph.ts";
import { TASK_NAME, TASK_NAME_RULE } from "../../../core/task-name.ts";
import { reading } from "../../backend.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { nameLiterals } from "./references.ts";

interface Named {
  session: AppSession;
  task: Task;
  /** Of the name between its quotes. */
  range: vscode.Range;
}

export class TaskRename implements vscode.RenameProvider {
  readonly #sessions: AppSessions;

  constructor(sessions: AppSessions) {
    this.#sessions = sessions;
  }

  /** Rejects elsewhere, so that the language's own rename takes over. */
  prepareRename(document: vscode.TextDocument, position: vscode.Position): { range: vscode.Range; placeholder: string } {
    const named = this.#at(document, position);
    if (!named) throw new Error(vscode.l10n.t("There is no name of a task here."));
    if (named.session.app?.config?.template) {
      throw new Error(
        vscode.l10n.t("Tasks of a template are named there: rename the function in {0}.", named.session.app.config.template),
      );
    }
    return { range: named.range, placeholder: named.task.name };
  }

  async provideRenameEdits(
    document: vscode.TextDocument,
    position: vscode.Position,
    to: string,
  ): Promise<vscode.WorkspaceEdit | undefined> {
    const named = this.#at(document, position);
    if (!named) return undefined;
    const { session, task } = named;
    if (!TASK_NAME.test(to)) throw new Error(vscode.l10n.t("“{0}” cannot name a task: {1}.", to, TASK_NAME_RULE));
    if (to !== task.name && session.app?.graph.tasks.some(({ name }) => name === to)) {
      throw new Error(vscode.l10n.t("There is a task “{0}” already.", to));
    }
    return renameEdit(session, task.name, to);
  }

  #at(document: vscode.TextDocument, position: vscode.Position): Named | undefined {
    const session = this.#sessions.owning(document.uri);
    for (const task of session?.app?.graph.tasks ?? []) {
      for (const { offset, length } of nameLiterals(document.getText(), task.name)) {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        if (session && range.contains(position)) return { session, task, range };
      }
    }
    return undefined;
  }
}

async function renameEdit(session: AppSession, from: string, to: string): Promise<vscode.WorkspaceEdit> {
  const edit = new vscode.WorkspaceEdit();
  const { sourceFiles, renameInConfig } = await reading();
  for (const file of await sourceFiles(session.folder, session.app?.config?.tasks ?? [])) {
    const document = await vscode.workspace.openTextDocument(session.fileUri(file));
    for (const { offset, length } of nameLiterals(document.getText(), from)) {
      edit.replace(document.uri, new vscode.Range(document.positionAt(offset), document.positionAt(offset + length)), to);
    }
  }
  if (session.hasSetupFile) {
    const setup = await vscode.workspace.openTextDocument(session.setupUri);
    for (const { offset, length, text } of renameInConfig(setup.getText(), from, to)) {
      edit.replace(setup.uri, new vscode.Range(setup.positionAt(offset), setup.positionAt(offset + length)), text);
    }
  }
  const events = session.fileUri(`events/${from}`);
  const there = await vscode.workspace.fs.stat(events).then(
    () => true,
    () => false,
  );
  // Events that the new name has already stay what they are.
  if (there) edit.renameFile(events, session.fileUri(`events/${to}`), { overwrite: false, ignoreIfExists: true });
  return edit;
}
