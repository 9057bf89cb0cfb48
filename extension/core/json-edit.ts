import type { Node } from "jsonc-parser";
import { endOfLineTrivia, indentationAt, isSpread, nextToken } from "./json-layout.ts";
import type { Layout } from "./json-layout.ts";
import type { TextEdit } from "./text-edits.ts";

/** Edits of one JSON text; offsets of a list count in the text given, and the edits do not overlap. */

/** Inserts a member or element (`content`, its text) at `index` of an object or array. */
export function insertChild(
  text: string,
  container: Node,
  index: number,
  content: string,
  layout: Layout,
  spread: boolean,
): TextEdit[] {
  const children = container.children ?? [];
  if (children.length === 0) return [insertOnly(text, container, content, layout, spread)];
  const next = children[index];
  if (next) {
    const ownLine =
      /^[ \t]*$/.test(text.slice(text.lastIndexOf("\n", next.offset - 1) + 1, next.offset)) &&
      text.lastIndexOf("\n", next.offset - 1) >= 0;
    return [
      {
        offset: next.offset,
        length: 0,
        text: ownLine ? `${content},${layout.eol}${indentationAt(text, next.offset)}` : `${content}, `,
      },
    ];
  }
  const last = children.at(-1)!;
  const end = last.offset + last.length;
  const comma = nextToken(text, end);
  const trailing = text[comma] === ",";
  const after = trailing ? comma + 1 : end;
  const { end: afterComment, lineComment } = endOfLineTrivia(text, after);
  if (!isSpread(text, container) && !lineComment) {
    return trailing ? [{ offset: after, length: 0, text: ` ${content}` }] : [{ offset: end, length: 0, text: `, ${content}` }];
  }
  const line = `${layout.eol}${isSpread(text, container) ? indentationAt(text, last.offset) : indentationAt(text, container.offset) + layout.indent}${content}`;
  // The comma follows the last child, the new line whatever comment stands behind it.
  const added: TextEdit = { offset: afterComment, length: 0, text: trailing ? `${line},` : line };
  if (trailing) return [added];
  return afterComment === end ? [{ ...added, text: `,${line}` }] : [{ offset: end, length: 0, text: "," }, added];
}

function insertOnly(text: string, container: Node, content: string, { eol, indent }: Layout, spread: boolean): TextEdit {
  const inner = { start: container.offset + 1, end: container.offset + container.length - 1 };
  const base = indentationAt(text, container.offset);
  const between = text.slice(inner.start, inner.end);
  if (between.trim() === "") {
    const [open, close] = container.type === "object" ? [" ", " "] : ["", ""];
    const written = spread ? `${eol}${base}${indent}${content}${eol}${base}` : `${open}${content}${close}`;
    return { offset: inner.start, length: between.length, text: written };
  }
  // Only comments inside: the new part stands behind them.
  const offset = inner.start + between.trimEnd().length;
  const rest = text.slice(offset, inner.end);
  return { offset, length: 0, text: `${eol}${base}${indent}${content}${rest.includes("\n") ? "" : `${eol}${base}`}` };
}

/** Removes a member or element and one comma; comments around it stay, a line that gets empty goes. */
export function removeChild(text: string, container: Node, index: number): TextEdit[] {
  const children = container.children ?? [];
  const child = children[index]!;
  const end = child.offset + child.length;
  const following = nextToken(text, end);
  const edits: TextEdit[] = [];
  if (text[following] === ",") {
    const gap = text.slice(end, following);
    if (gap.trim() === "") edits.push(tidy(text, child.offset, following + 1));
    else edits.push({ offset: child.offset, length: child.length, text: "" }, { offset: following, length: 1, text: "" });
    return edits;
  }
  const previous = children[index - 1];
  if (!previous) return [tidy(text, child.offset, end)];
  const before = previous.offset + previous.length;
  const comma = nextToken(text, before);
  const between = text.slice(before, child.offset);
  if (/^\s*,\s*$/.test(between)) return [{ offset: before, length: end - before, text: "" }];
  return [{ offset: comma, length: 1, text: "" }, tidy(text, child.offset, end)];
}

/** Removal of `start` to `end` with the blanks that it leaves: its whole line if nothing else is on it, else those behind it. */
function tidy(text: string, start: number, end: number): TextEdit {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const blanksBefore = /^[ \t]*$/.test(text.slice(lineStart, start)) && lineStart > 0;
  const behind = /^[ \t]*/.exec(text.slice(end))![0].length;
  const lineBreak = /^\r?\n/.exec(text.slice(end + behind))?.[0].length ?? 0;
  if (blanksBefore && lineBreak > 0) return { offset: lineStart, length: end + behind + lineBreak - lineStart, text: "" };
  return { offset: start, length: end + (blanksBefore ? behind : Math.min(behind, 1)) - start, text: "" };
}

export function replaceValue(node: Node, content: string): TextEdit {
  return { offset: node.offset, length: node.length, text: content };
}
