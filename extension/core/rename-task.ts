/** The edits of `fusionize.json` that follow a task's new name: every place that names it, nothing else. */
import { parseJson } from "./json-document.ts";
import type { Node } from "jsonc-parser";
import type { TextEdit } from "./text-edits.ts";

/** Where names of tasks stand; `*` is any key or index. A path that ends in `*` is a key, in `[]` an element. */
const places = [
  "functions/*",
  "functions/*/inline/[]",
  "functions/*/inlineAsync/[]",
  "constraints/apart/[]/[]",
  "constraints/memory/*",
  "constraints/exclusive/[]",
  "constraints/lossTolerated/[]",
].map((path) => path.split("/"));

/** A text that does not parse has as many edits as can be found. */
export function renameInConfig(text: string, from: string, to: string): TextEdit[] {
  const { root } = parseJson(text);
  if (!root) return [];
  const found = places.flatMap((place) => namesAt(root, place));
  return found
    .filter(({ value }) => value === from)
    .map(({ offset, length }) => ({ offset, length, text: JSON.stringify(to) }))
    .sort((a, b) => a.offset - b.offset);
}

function namesAt(node: Node, [step, ...rest]: readonly string[]): Node[] {
  if (step === undefined) return [];
  if (step === "[]") {
    const elements = node.type === "array" ? (node.children ?? []) : [];
    return rest.length === 0 ? elements.filter(({ type }) => type === "string") : elements.flatMap((each) => namesAt(each, rest));
  }
  const members = node.type === "object" ? (node.children ?? []) : [];
  return members.flatMap(({ children: [key, value] = [] }) => {
    if (!key || (step !== "*" && key.value !== step)) return [];
    if (rest.length === 0) return step === "*" ? [key] : [];
    return value ? namesAt(value, rest) : [];
  });
}
