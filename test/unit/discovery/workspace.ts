import { discover } from "../../../extension/discovery/index.ts";
import type { DiscoveryOptions, SourceFile } from "../../../extension/discovery/index.ts";
import type { CallGraph } from "../../../extension/core/graph.ts";

/** Files from one text: `=== src/a.ts` begins a file. Text before the first is `src/tasks.ts`. */
export function files(text: string): SourceFile[] {
  const parts = text.split(/^=== (.*)$\n/m);
  const found: SourceFile[] = parts[0]!.trim() === "" ? [] : [{ file: "src/tasks.ts", text: parts[0]! }];
  for (let i = 1; i < parts.length; i += 2) found.push({ file: parts[i]!.trim(), text: parts[i + 1]! });
  return found;
}

/** The graph as readable text: tasks (`*` = entry), calls, findings, each with its place. */
export function show(graph: CallGraph): string {
  const at = (r: { file: string; line: number; column: number }) => `${r.file}:${r.line}:${r.column}`;
  return [
    ...graph.tasks.map(
      (t) =>
        `${t.entry ? "*" : " "} ${t.name} ${at(t)}${t.exportName ? ` as ${t.exportName}` : ""}${t.escapes ? " escapes" : ""}`,
    ),
    ...graph.calls.map((c) => `  ${c.from} ${c.kind === "sync" ? "->" : "~>"} ${c.to} ${at(c)}`),
    ...graph.diagnostics.map((d) => `${d.severity} ${d.code} ${at(d)} ${d.message}`),
  ].join("\n");
}

/** Calls as `a -> b`, distinct and in order, then the codes of findings. */
export function brief(text: string, options?: DiscoveryOptions): string {
  const graph = discover(files(text), options);
  const calls = graph.calls.map((c) => `${c.from} ${c.kind === "sync" ? "->" : "~>"} ${c.to}`);
  return [...new Set(calls), ...graph.diagnostics.map((d) => `${d.code}@${d.line}`)].join(", ");
}

/** Three tasks that the cases call. */
export const TASKS = `=== src/tasks.ts
import { task } from "fusionize";
export const a = task("a", async (n: number) => n);
export const b = task("b", async (n: number) => n);
export const c = task("c", async (n: number) => n);
`;
