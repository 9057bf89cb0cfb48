/** Above a task's definition: its group, what it took and cost, and a way to run it. Hovering its name tells the same. */
import * as vscode from "vscode";
import type { Task } from "../../../core/graph.ts";
import { commandLink, setting, settingIds } from "../../ids.ts";
import type { AppSession } from "../../model/session.ts";
import type { AppSessions } from "../../model/sessions.ts";
import { milliseconds } from "../../model/suggestion.ts";
import { editorRange } from "../diagnostics/diagnostics.ts";
import { groupText, numbersText, taskFacts, type TaskFacts } from "./facts.ts";

/** Only tasks that discovery has found stand here: code that has nothing to do with Lambda is left alone. */
export class TaskLens implements vscode.CodeLensProvider, vscode.HoverProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #sessions: AppSessions;
  readonly #disposables: vscode.Disposable[];

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(sessions: AppSessions, documents: vscode.DocumentSelector) {
    this.#sessions = sessions;
    this.#disposables = [
      this.#changed,
      vscode.languages.registerCodeLensProvider(documents, this),
      vscode.languages.registerHoverProvider(documents, this),
      sessions.onDidChange(({ change }) => {
        if (change === "state") this.#changed.fire();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settingIds.codeLens)) this.#changed.fire();
      }),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const found = this.#tasksOf(document);
    return found ? found.tasks.flatMap((task) => lenses(found.session, task)) : [];
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const found = this.#tasksOf(document);
    const task = found?.tasks.find((each) => editorRange(each).contains(position) && each.line - 1 === position.line);
    if (!found || !task) return undefined;
    const word = document.getWordRangeAtPosition(position);
    if (word && !document.getText(word).includes(task.name) && document.getText(word) !== "task") return undefined;
    return new vscode.Hover(hoverText(found.session, task), word ?? editorRange(task));
  }

  #tasksOf(document: vscode.TextDocument): { session: AppSession; tasks: Task[] } | undefined {
    const session = this.#sessions.owning(document.uri);
    if (!session?.app || !setting("codeLens", document.uri)) return undefined;
    const own = document.uri.toString();
    return { session, tasks: session.app.graph.tasks.filter(({ file }) => session.fileUri(file).toString() === own) };
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}

function lenses(session: AppSession, task: Task): vscode.CodeLens[] {
  const { app } = session;
  if (!app) return [];
  const facts = taskFacts(app, task.name, session.current);
  const range = new vscode.Range(task.line - 1, task.column - 1, task.line - 1, task.column - 1);
  const target = { folder: session.folder, task: task.name };
  const lens = (command: vscode.Command) => new vscode.CodeLens(range, command);
  const numbers = numbersText(facts);
  return [
    ...(facts.own ? [lens(commandLink(`$(play) ${vscode.l10n.t("Run")}`, "fusionize.invokeTask", target))] : []),
    lens(commandLink(groupText(facts), "fusionize.showInGraph", target)),
    ...(numbers ? [lens(commandLink(numbers, "fusionize.showTraceOf", target))] : []),
  ];
}

function hoverText(session: AppSession, task: Task): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  const { app } = session;
  if (!app) return text;
  const facts = taskFacts(app, task.name, session.current);
  const row = (name: string, value: string | undefined) => (value ? `| ${name} | ${escaped(value)} |` : undefined);
  const list = (names: string[]) => (names.length > 0 ? names.join(", ") : undefined);
  const rows = [
    row(vscode.l10n.t("Runs in"), groupText(facts)),
    row(vscode.l10n.t("Measured"), numbersText(facts) ?? vscode.l10n.t("not measured with this setup")),
    row(vscode.l10n.t("Own CPU and waiting"), ownText(facts)),
    row(vscode.l10n.t("Called by"), list(facts.calls.in) ?? (task.entry ? vscode.l10n.t("clients: an entry") : undefined)),
    row(vscode.l10n.t("Calls"), list(facts.calls.out)),
  ];
  const title = vscode.l10n.t("Task {0}", task.name);
  text.appendMarkdown(`**${escaped(title)}**\n\n| | |\n|---|---|\n${rows.filter(Boolean).join("\n")}\n`);
  return text;
}

function ownText({ measured }: TaskFacts): string | undefined {
  return measured && `${milliseconds(measured.ownCpu)}, ${milliseconds(measured.ownWait)}`;
}

/** Names are the user's text: none of it is markup. */
const escaped = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>()#+\-.!|~$&]/g, "\\$&");
