/** The graph as text for reviews: Mermaid and DOT. Pure. Names are quoted, never markup. */
import type { CallView, SetupView, TaskView } from "../protocol.ts";
import { homesOf } from "./homes.ts";

export interface GraphText {
  tasks: readonly TaskView[];
  calls: readonly CallView[];
  setup: SetupView;
}

function parts({ tasks, calls, setup }: GraphText) {
  const homes = homesOf(
    setup,
    tasks.map((each) => each.name),
  );
  const ids = new Map(tasks.map((each, index) => [each.name, `t${index}`]));
  const groups = Map.groupBy(tasks, (each) => homes.home(each.name));
  const pairs = new Map<string, CallView>();
  for (const call of calls)
    if (ids.has(call.from) && ids.has(call.to)) pairs.set(JSON.stringify([call.from, call.to, call.kind]), call);
  const title = (root: string) => {
    const memory = homes.functions.get(root)?.memory ?? 0;
    return memory > 0 ? `${root} · ${memory} MB` : root;
  };
  const inlined = (call: CallView) => homes.inlines(homes.home(call.from), call.to, call.kind);
  return { ids, groups, pairs: [...pairs.values()], title, inlined };
}

/** https://mermaid.js.org/syntax/flowchart.html: entity codes inside quotes, dotted arrows for asynchronous calls. */
export function mermaid(graph: GraphText): string {
  const { ids, groups, pairs, title, inlined } = parts(graph);
  const quote = (text: string) =>
    `"${text.replace(/[^\p{L}\p{N} .,:_·/()-]/gu, (character) => `#${character.codePointAt(0)};`)}"`;
  const lines = ["flowchart LR"];
  let group = 0;
  for (const [root, tasks] of groups) {
    lines.push(`  subgraph f${group++}[${quote(title(root))}]`);
    for (const task of tasks)
      lines.push(`    ${ids.get(task.name)}${task.entry ? `([${quote(task.name)}])` : `[${quote(task.name)}]`}`);
    lines.push("  end");
  }
  for (const call of pairs) {
    const line = call.kind === "async" ? "-.->" : inlined(call) ? "-->" : "==>";
    lines.push(`  ${ids.get(call.from)} ${line} ${ids.get(call.to)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** https://graphviz.org/doc/info/lang.html: quoted ids, only `"` and `\` need a backslash. */
export function dot(graph: GraphText): string {
  const { ids, groups, pairs, title, inlined } = parts(graph);
  const quote = (text: string) =>
    `"${text
      .replaceAll("\\", "\\\\")
      .replaceAll('"', '\\"')
      .replace(/[\r\n]+/g, " ")}"`;
  const lines = ["digraph calls {", "  rankdir=LR;", '  node [shape=box, style=rounded, fontname="sans-serif"];'];
  let group = 0;
  for (const [root, tasks] of groups) {
    lines.push(`  subgraph cluster_${group++} {`, `    label=${quote(title(root))};`);
    for (const task of tasks)
      lines.push(`    ${ids.get(task.name)} [label=${quote(task.name)}${task.entry ? ", peripheries=2" : ""}];`);
    lines.push("  }");
  }
  for (const call of pairs) {
    const style = [
      call.kind === "async" ? "style=dashed, arrowhead=vee" : "arrowhead=normal",
      inlined(call) ? "penwidth=1" : "penwidth=2",
    ];
    lines.push(`  ${ids.get(call.from)} -> ${ids.get(call.to)} [${style.join(", ")}];`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}
