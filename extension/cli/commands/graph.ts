import { loadApp } from "../../application/app.ts";
import { toDot, toMermaid } from "../../core/diagram.ts";
import { UserError } from "../../core/errors.ts";
import type { Diagnostic } from "../../core/graph.ts";
import { notation } from "../../core/setup-notation.ts";
import type { App } from "../../application/types.ts";
import type { Run } from "../main.ts";
import { UsageError } from "../usage.ts";

/** `file:line:column severity message`, as compilers write it: terminals and editors make it a link. */
export const diagnosticLine = ({ file, line, column, severity, message }: Diagnostic): string =>
  `${file}:${line}:${column} ${severity}: ${message}`;

function calls(app: App): { from: string; to: string; kind: string; file: string; line: number }[] {
  return app.graph.calls.map(({ from, to, kind, file, line }) => ({ from, to, kind, file, line }));
}

function document(app: App): unknown {
  return {
    app: app.config?.app ?? null,
    tasks: app.graph.tasks.map(({ name, file, line, entry }) => ({ name, file, line, entry })),
    calls: calls(app),
    setup: Object.fromEntries(
      app.functions.map(({ root, memory, inline, inlineAsync }) => [
        root,
        { memory, ...(inline.length > 0 && { inline }), ...(inlineAsync.length > 0 && { inlineAsync }) },
      ]),
    ),
    diagnostics: app.diagnostics.map(({ file, line, column, severity, code, message }) => ({
      file,
      line,
      column,
      severity,
      code,
      message,
    })),
  };
}

export function graphText(app: App): string {
  const lines = [`${app.config?.app ?? app.folder}: ${app.graph.tasks.length} tasks, ${app.functions.length} functions`, ""];
  for (const task of app.graph.tasks) {
    const seen = new Map<string, string>();
    for (const call of app.graph.calls) {
      if (call.from === task.name) seen.set(`${call.to}|${call.kind}`, `${call.kind === "sync" ? "→" : "⇢"} ${call.to}`);
    }
    lines.push(`${task.entry ? "● " : "  "}${task.name}${seen.size > 0 ? `  ${[...seen.values()].join(", ")}` : ""}`);
  }
  lines.push("", "● invoked from outside   → waits for the result   ⇢ waits until the event is accepted");
  lines.push("", `Setup ${notation(app.functions)}`);
  for (const diagnostic of app.diagnostics) lines.push(diagnosticLine(diagnostic));
  return lines.join("\n");
}

export const run: Run = async ({ app: folder, options }, { output }) => {
  const forms = [options.json, options.mermaid, options.dot].filter(Boolean);
  if (forms.length > 1) throw new UsageError("Choose one of --json, --mermaid, --dot.");
  const app = await loadApp(folder!);
  if (options.mermaid) output.answer(undefined, () => toMermaid(app.graph, app.functions));
  else if (options.dot) output.answer(undefined, () => toDot(app.graph, app.functions));
  else output.answer(document(app), () => graphText(app));
  const errors = app.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    throw new UserError(
      "app-errors",
      `${errors.length === 1 ? "1 error" : `${errors.length} errors`}: ${diagnosticLine(errors[0]!)}`,
    );
  }
};
