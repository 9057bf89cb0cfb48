/** Where the open suggestion stands in the editor: on the task definitions it moves, and on `fusionize.json`. Pure. */
import * as vscode from "vscode";
import { findNodeAtLocation, parseTree } from "jsonc-parser";
import type { App } from "../../../application/types.ts";
import type { SourceRange } from "../../../core/graph.ts";
import { expectation, type OpenSuggestion } from "../../model/suggestion.ts";

export interface Finding {
  message: string;
  range: SourceRange;
  /** The one place that stands for the whole suggestion. */
  whole: boolean;
}

/** Offsets of what stands for the setup in `fusionize.json`: the key `functions`, else the first character. */
export function setupRange(text: string): { offset: number; length: number } {
  const tree = parseTree(text);
  const functions = tree && findNodeAtLocation(tree, ["functions"]);
  const key = functions?.parent?.children?.[0];
  return key ? { offset: key.offset, length: key.length } : { offset: tree?.offset ?? 0, length: 1 };
}

export function suggestionFindings(app: App, suggestion: OpenSuggestion): Finding[] {
  const tasks = new Map(app.graph.tasks.map((task) => [task.name, task]));
  return suggestion.changes.flatMap(({ task, message }) => {
    const range = tasks.get(task);
    return range ? [{ range, message: `${message} ${sentence(suggestion)}`, whole: false }] : [];
  });
}

/** `Expected: p50 812 ms → 344 ms, $12.10 → $9.31 per million requests.` */
export const sentence = (suggestion: OpenSuggestion): string =>
  vscode.l10n.t("Expected for the app: {0}.", expectation(suggestion));

export const wholeMessage = (suggestion: OpenSuggestion): string =>
  [suggestion.title, ...suggestion.reasons].map((text) => text.replace(/\.?$/, ".")).join(" ") + ` ${sentence(suggestion)}`;
