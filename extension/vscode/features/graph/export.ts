import * as vscode from "vscode";
import type { FromWebview } from "../../../../webview/protocol.ts";
import type { AppSession } from "../../model/session.ts";

type Export = Extract<FromWebview, { type: "export" }>;

const formats = { svg: "SVG", png: "PNG", mermaid: "Mermaid", dot: "DOT" } as const;
const extensions = { svg: "svg", png: "png", mermaid: "mmd", dot: "dot" } as const;

/** Writes the graph to a file that the user names, or puts its text on the clipboard. */
export async function exportGraph(session: AppSession, { format, content, to }: Export): Promise<void> {
  if (to === "clipboard" && format !== "png") {
    await vscode.env.clipboard.writeText(content);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Call graph copied as {0}", formats[format]), 4000);
    return;
  }
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(session.uri, `${session.name}-call-graph.${extensions[format]}`),
    filters: { [formats[format]]: [extensions[format]] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(content, format === "png" ? "base64" : "utf8"));
}
