/** What mends a finding of `fusionize.json`, as edits of its text. Pure. */
import { findNodeAtOffset, type Node } from "jsonc-parser";
import type { App } from "../../../application/types.ts";
import { removeChild } from "../../../core/json-edit.ts";
import { parseJson } from "../../../core/json-document.ts";
import { MEMORY_RANGE } from "../../../core/setup.ts";
import { mostSimilar } from "../../../core/similar.ts";
import type { TextEdit } from "../../../core/text-edits.ts";

export type SetupFix =
  | { kind: "rename"; to: string; edits: TextEdit[] }
  | { kind: "remove"; name: string; edits: TextEdit[] }
  | { kind: "memory"; megabytes: number; edits: TextEdit[] };

/** Best first. @param offset where the finding stands */
export function setupFixes(app: App, text: string, code: string, offset: number): SetupFix[] {
  const { root } = parseJson(text);
  const node = root && findNodeAtOffset(root, offset);
  if (!node) return [];
  switch (code) {
    case "setup-unknown-task": {
      const name = String(node.value);
      const similar = mostSimilar(
        name,
        app.graph.tasks.map((task) => task.name),
      );
      const edits = similar === undefined ? [] : [{ offset: node.offset, length: node.length, text: JSON.stringify(similar) }];
      return [...(similar === undefined ? [] : [{ kind: "rename" as const, to: similar, edits }]), ...removal(text, node)];
    }
    case "setup-inline-unused":
    case "setup-inline-repeated":
    case "setup-exclusive":
    case "setup-apart":
    case "setup-function-unreached":
      return removal(text, node);
    case "setup-memory":
      return memoryFix(app, node);
    default:
      return [];
  }
}

/** The element or member that the node is, or is the key of. */
function removal(text: string, node: Node): SetupFix[] {
  const { parent } = node;
  const member = parent?.type === "property" ? parent : node;
  const container = member.parent;
  const index = container?.children?.indexOf(member) ?? -1;
  if (!container || index < 0 || !["array", "object"].includes(container.type)) return [];
  return [{ kind: "remove", name: String(node.value), edits: removeChild(text, container, index) }];
}

/** The size nearest to the written one that all tasks of the function allow. */
function memoryFix(app: App, node: Node): SetupFix[] {
  const written = node.parent?.children?.[1] === node ? node : undefined;
  const root = node.parent?.parent?.parent?.children?.[0]?.value as unknown;
  const resolved = app.functions.find((each) => each.root === root);
  if (!written || !resolved || typeof written.value !== "number") return [];
  const limits = resolved.tasks.map((task) => app.config?.constraints.memory?.[task] ?? {});
  const least = Math.max(MEMORY_RANGE.min, ...limits.map(({ min }) => min ?? 0));
  const most = Math.min(MEMORY_RANGE.max, ...limits.map(({ max }) => max ?? Infinity));
  if (least > most) return [];
  const megabytes = Math.min(most, Math.max(least, Math.round(written.value)));
  return [{ kind: "memory", megabytes, edits: [{ offset: written.offset, length: written.length, text: String(megabytes) }] }];
}
