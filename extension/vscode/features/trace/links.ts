/** Ids of requests and traces in the log and in results lead to their trace. */
import * as vscode from "vscode";
import { internalCommandIds } from "../../ids.ts";

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
/** `RequestId: <uuid>` of the platform, a tab-separated column of the runtime, `trace <id>` of ours. */
const ids = new RegExp(`(?:RequestId: |"requestId": ?"|\\t)(${uuid})(?=[\\s"]|$)|\\btrace[ ":]+([0-9a-f]{32})\\b`, "gi");
/** A log can be long; links beyond this would only slow the editor down. */
const most = 5_000;

export interface Found {
  id: string;
  offset: number;
}

export function requestIds(text: string): Found[] {
  const found: Found[] = [];
  for (const match of text.matchAll(ids)) {
    const id = match[1] ?? match[2] ?? "";
    found.push({ id, offset: match.index + match[0].length - id.length });
    if (found.length >= most) break;
  }
  return found;
}

/** @param folderOf the app that a document speaks of, where it is known */
export function traceLinks(folderOf: (document: vscode.TextDocument) => string | undefined): vscode.DocumentLinkProvider {
  return {
    provideDocumentLinks(document) {
      // Other extensions have outputs too.
      if (document.uri.scheme === "output" && !/fusionize/i.test(document.uri.path)) return [];
      const folder = folderOf(document);
      return requestIds(document.getText()).map(({ id, offset }) => {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + id.length));
        const args = encodeURIComponent(JSON.stringify([{ trace: id, ...(folder && { folder }) }]));
        const link = new vscode.DocumentLink(range, vscode.Uri.parse(`command:${internalCommandIds.showTraceOf}?${args}`));
        link.tooltip = vscode.l10n.t("Show Trace");
        return link;
      });
    },
  };
}
