import { indexCalls } from "./call-index.ts";
import type { CallGraph, CallKind } from "./graph.ts";
import type { ResolvedFunction } from "./setup.ts";

interface Edge {
  from: string;
  to: string;
  kind: CallKind;
  remote: boolean;
}

/** One node for each task in each function it can run in, one edge for each call. */
function deploymentOf(
  graph: CallGraph,
  functions: readonly ResolvedFunction[],
): { idOf: (f: ResolvedFunction, task: string) => string; edges: Edge[] } {
  const index = indexCalls(graph);
  const numbers = new Map(functions.map((f, i) => [f.root, i]));
  // Numbers, not names: ids of diagrams have rules of their own.
  const idOf = (f: ResolvedFunction, task: string) => `f${numbers.get(f.root)}t${f.tasks.indexOf(task)}`;
  const roots = new Map(functions.map((f) => [f.root, f]));
  const edges: Edge[] = [];
  for (const f of functions) {
    for (const task of f.tasks) {
      for (const { to, kind } of index.calleesOf(task)) {
        const remote = !(kind === "sync" ? f.inline : f.inlineAsync).includes(to);
        const target = remote ? roots.get(to) : f;
        if (target) edges.push({ from: idOf(f, task), to: idOf(target, to), kind, remote });
      }
    }
  }
  return { idOf, edges };
}

/** A Mermaid flowchart: a box for each function, arrows for calls; dotted = asynchronous, thick = inlined. */
export function toMermaid(graph: CallGraph, functions: readonly ResolvedFunction[]): string {
  const { idOf, edges } = deploymentOf(graph, functions);
  const entries = new Set(graph.tasks.filter((task) => task.entry).map((task) => task.name));
  const label = (text: string) => `"${text.replaceAll('"', "#quot;")}"`;
  const lines = ["flowchart LR"];
  functions.forEach((f, i) => {
    lines.push(`  subgraph f${i} [${label(`${f.root} · ${f.memory} MB`)}]`);
    for (const task of f.tasks) {
      const [open, close] = task === f.root && entries.has(task) ? ["([", "])"] : ["[", "]"];
      lines.push(`    ${idOf(f, task)}${open}${label(task)}${close}`);
    }
    lines.push("  end");
  });
  for (const { from, to, kind, remote } of edges) {
    const arrow = kind === "async" ? (remote ? "-.->" : "-. inline .->") : remote ? "-->" : "==>";
    lines.push(`  ${from} ${arrow} ${to}`);
  }
  return `${lines.join("\n")}\n`;
}

/** A Graphviz digraph of the same. */
export function toDot(graph: CallGraph, functions: readonly ResolvedFunction[]): string {
  const { idOf, edges } = deploymentOf(graph, functions);
  const entries = new Set(graph.tasks.filter((task) => task.entry).map((task) => task.name));
  const quoted = (text: string) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const lines = ["digraph fusionize {", "  rankdir=LR;", "  node [shape=box];"];
  functions.forEach((f, i) => {
    lines.push(`  subgraph cluster_${i} {`, `    label=${quoted(`${f.root} · ${f.memory} MB`)};`);
    for (const task of f.tasks) {
      const shape = task === f.root && entries.has(task) ? ", shape=ellipse" : "";
      lines.push(`    ${idOf(f, task)} [label=${quoted(task)}${shape}];`);
    }
    lines.push("  }");
  });
  for (const { from, to, kind, remote } of edges) {
    lines.push(`  ${from} -> ${to} [style=${kind === "async" ? "dashed" : "solid"}, penwidth=${remote ? 1 : 2}];`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}
