/** Results of invocations as read-only documents: nothing is written into the workspace. */
import * as vscode from "vscode";
import type { InvokeResult } from "../../../application/types.ts";
import { traceLinks } from "../trace/links.ts";
import { milliseconds } from "../../model/suggestion.ts";

const resultScheme = "fusionize-result";
/** Results that stay readable; older ones are dropped. */
const kept = 20;

export class InvocationResults implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #texts = new Map<string, { text: string; folder: string }>();
  readonly #registrations = [
    vscode.workspace.registerTextDocumentContentProvider(resultScheme, this),
    vscode.languages.registerDocumentLinkProvider(
      { scheme: resultScheme },
      traceLinks(({ uri }) => this.#texts.get(uri.toString())?.folder),
    ),
    vscode.languages.registerDocumentLinkProvider(
      { scheme: "output" },
      traceLinks(() => undefined),
    ),
  ];
  #count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString())?.text ?? vscode.l10n.t("// This result is no longer kept. Invoke the task again.");
  }

  async show(task: string, event: unknown, result: InvokeResult, folder: string): Promise<void> {
    this.#count += 1;
    const uri = vscode.Uri.from({ scheme: resultScheme, path: `/${task} ${this.#count}.jsonc` });
    this.#texts.set(uri.toString(), { text: resultText(task, event, result), folder });
    for (const old of [...this.#texts.keys()].slice(0, -kept)) this.#texts.delete(old);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
  }
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}

/** JSON with comments: the result first, then what led to it. */
export function resultText(
  task: string,
  event: unknown,
  { payload, functionError, log, durationMs, trace }: InvokeResult,
): string {
  const outcome = functionError ? `failed (${functionError})` : "succeeded";
  return [
    `// ${task} ${outcome} in ${milliseconds(durationMs)}${trace ? `, trace ${trace}` : ""}`,
    pretty(payload || "null"),
    "",
    "// event",
    ...JSON.stringify(event, undefined, 2)
      .split("\n")
      .map((line) => `// ${line}`),
    "",
    "// log",
    ...log
      .trimEnd()
      .split("\n")
      .map((line) => `// ${line}`),
    "",
  ].join("\n");
}
