import type { Node } from "jsonc-parser";
import { UserError } from "./errors.ts";
import { parseJson, valueOf } from "./json-document.ts";
import { insertChild, removeChild, replaceValue } from "./json-edit.ts";
import { isSpread, layoutOf, oneLine, spreadOut } from "./json-layout.ts";
import type { Layout } from "./json-layout.ts";
import type { FunctionSetup, FusionSetup } from "./setup.ts";
import { EditedText } from "./text-edits.ts";
import type { TextEdit } from "./text-edits.ts";

export { applyEdits } from "./text-edits.ts";
export type { TextEdit } from "./text-edits.ts";

/** Text of a new `fusionize.json`. */
export function newConfigText(app: string, setup: FusionSetup): string {
  return `${spreadOut({ app, functions: setup }, { eol: "\n", indent: "  " }, "", 2)}\n`;
}

/**
 * The edits of `fusionize.json` that turn the setup `from` into `to`: only what differs between the two is touched, so
 * comments, formatting, order of keys and everything else that the file says stay as they are, also what was changed in
 * the file since `from` was read. Throws `UserError` `setup-file-broken` for a file that does not parse.
 */
export function editSetup(text: string, from: FusionSetup, to: FusionSetup): TextEdit[] {
  const edited = new EditedText(text);
  if (text.trim() === "") {
    if (Object.keys(to).length === 0) return [];
    edited.edit({
      offset: 0,
      length: text.length,
      text: `${spreadOut({ functions: to }, { eol: "\n", indent: "  " }, "", 2)}\n`,
    });
    return edited.edits();
  }
  const layout = layoutOf(text);
  for (const root of Object.keys(from)) if (!Object.hasOwn(to, root)) removeFunction(edited, root);
  for (const [root, after] of Object.entries(to)) {
    const before = Object.hasOwn(from, root) ? from[root]! : undefined;
    if (before && oneLine(sortedLists(before)) === oneLine(sortedLists(after))) continue;
    setFunction(edited, root, before ?? {}, after, layout);
  }
  return edited.edits();
}

/** Keys in a fixed order, so that the texts of two functions can be compared. */
const sortedLists = ({ memory, inline, inlineAsync }: FunctionSetup): FunctionSetup => ({ memory, inline, inlineAsync });

function removeFunction(edited: EditedText, root: string): void {
  const { text } = edited;
  const functions = member(rootOf(text), "functions")?.value;
  const index = indexOf(functions, root);
  if (!functions || index < 0) return;
  apply(edited, removeChild(text, functions, index));
  closeEmpty(edited, () => member(rootOf(edited.text), "functions")?.value);
}

function setFunction(edited: EditedText, root: string, before: FunctionSetup, after: FunctionSetup, layout: Layout): void {
  const functions = functionsOf(edited, layout);
  const existing = member(functions, root)?.value;
  if (existing?.type !== "object") {
    const { text } = edited;
    if (existing) {
      apply(edited, [replaceValue(existing, oneLine(after))]);
      return;
    }
    const content = `${JSON.stringify(root)}: ${newFunction(text, functions, after, layout)}`;
    apply(edited, insertChild(text, functions, functions.children?.length ?? 0, content, layout, text.includes("\n")));
    return;
  }
  const find = () => member(member(rootOf(edited.text), "functions")?.value, root)!.value!;
  for (const key of ["memory", "inline", "inlineAsync"] as const) {
    const wanted = after[key];
    if (oneLine(before[key] ?? null) === oneLine(wanted ?? null)) continue;
    const f = find();
    const written = member(f, key)?.value;
    const { text } = edited;
    if (wanted === undefined) {
      const index = indexOf(f, key);
      if (index >= 0) apply(edited, removeChild(text, f, index));
      closeEmpty(edited, find);
    } else if (!written) {
      apply(edited, insertChild(text, f, placeOf(f, key), `${JSON.stringify(key)}: ${oneLine(wanted)}`, layout, false));
    } else if (Array.isArray(wanted) && written.type === "array") {
      editList(edited, () => member(find(), key)!.value!, wanted, layout);
    } else apply(edited, [replaceValue(written, oneLine(wanted))]);
  }
}

/** Turns a list of names into another, keeping the longest part that both have in common. */
function editList(edited: EditedText, find: () => Node, wanted: readonly string[], layout: Layout): void {
  const current = (valueOf(find()) as unknown[]).map(String);
  const common = new Set(commonPositions(current, wanted));
  for (let i = current.length - 1; i >= 0; i--) if (!common.has(i)) apply(edited, removeChild(edited.text, find(), i));
  const kept = current.filter((_, i) => common.has(i));
  wanted.forEach((name, i) => {
    if (kept[i] === name) return;
    const list = find();
    apply(edited, insertChild(edited.text, list, i, JSON.stringify(name), layout, isSpread(edited.text, list)));
    kept.splice(i, 0, name);
  });
  closeEmpty(edited, find);
}

/** Positions in `a` of a longest common subsequence with `b`. */
function commonPositions(a: readonly string[], b: readonly string[]): number[] {
  const length = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const positions: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      positions.push(i++);
      j++;
    } else if (length[i + 1]![j]! >= length[i]![j + 1]!) i++;
    else j++;
  }
  return positions;
}

/** The object under `functions`, made if the file has none. */
function functionsOf(edited: EditedText, layout: Layout): Node {
  const { text } = edited;
  const root = rootOf(text);
  const functions = member(root, "functions");
  if (functions?.value?.type === "object") return functions.value;
  if (functions?.value) apply(edited, [replaceValue(functions.value, "{}")]);
  else apply(edited, insertChild(text, root, root.children?.length ?? 0, '"functions": {}', layout, text.includes("\n")));
  return member(rootOf(edited.text), "functions")!.value!;
}

/** A new function looks like its neighbours: on one line, or spread over several. */
function newFunction(text: string, functions: Node, setup: FunctionSetup, layout: Layout): string {
  const neighbour = functions.children?.at(-1)?.children?.[1];
  if (!neighbour || !isSpread(text, neighbour)) return oneLine(setup);
  const base = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", neighbour.offset - 1) + 1))![0];
  return spreadOut(setup, layout, base, 1);
}

/** `memory` before the lists, `inline` before `inlineAsync`. */
function placeOf(f: Node, key: string): number {
  const order = ["memory", "inline", "inlineAsync"];
  const later = order.slice(order.indexOf(key) + 1);
  const index = (f.children ?? []).findIndex((property) => later.includes(String(property.children?.[0]?.value)));
  return index < 0 ? (f.children?.length ?? 0) : index;
}

/** An object or list that lost its last part is written `{}` or `[]`, unless a comment is left in it. */
function closeEmpty(edited: EditedText, find: () => Node | undefined): void {
  const node = find();
  if (!node || (node.children?.length ?? 0) > 0) return;
  const inner = edited.text.slice(node.offset + 1, node.offset + node.length - 1);
  if (inner !== "" && inner.trim() === "") edited.edit({ offset: node.offset + 1, length: inner.length, text: "" });
}

function apply(edited: EditedText, edits: readonly TextEdit[]): void {
  for (const edit of [...edits].sort((a, b) => b.offset - a.offset)) edited.edit(edit);
}

function rootOf(text: string): Node {
  const { root, faults } = parseJson(text.startsWith("\uFEFF") ? ` ${text.slice(1)}` : text);
  if (faults.length > 0 || root?.type !== "object") {
    throw new UserError(
      "setup-file-broken",
      "fusionize.json cannot be changed while it does not parse.",
      "Mend what the editor underlines in it first.",
    );
  }
  return root;
}

function member(object: Node | undefined, key: string): { value: Node | undefined } | undefined {
  const index = indexOf(object, key);
  return index < 0 ? undefined : { value: object!.children![index]!.children?.[1] };
}

const indexOf = (object: Node | undefined, key: string): number =>
  object?.type === "object" ? (object.children ?? []).findIndex((property) => property.children?.[0]?.value === key) : -1;
