import type { Node } from "jsonc-parser";

/** How a JSON text is laid out: what new parts of it should look like. */
export interface Layout {
  eol: string;
  /** One level of indentation. */
  indent: string;
}

export function layoutOf(text: string): Layout {
  const first = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return { eol: text.includes("\r\n") ? "\r\n" : "\n", indent: first };
}

/** Blanks at the start of the line that an offset is on. */
export function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))![0];
}

/** End of the blanks and comments that follow `offset` on the same line; a line comment ends before its line break. */
export function endOfLineTrivia(text: string, offset: number): { end: number; lineComment: boolean } {
  const trivia = /[ \t]+|\/\*[^\n]*?\*\/|(\/\/[^\r\n]*)/y;
  trivia.lastIndex = offset;
  let end = offset;
  for (let match = trivia.exec(text); match; match = trivia.exec(text)) {
    if (match[1] !== undefined) return { end: trivia.lastIndex, lineComment: true };
    if (match[0].startsWith("/*")) end = trivia.lastIndex;
  }
  return { end, lineComment: false };
}

/** Offset of the first character after `offset` that is neither blank nor comment. */
export function nextToken(text: string, offset: number): number {
  const trivia = /\s+|\/\*[^]*?\*\/|\/\/[^\r\n]*/y;
  trivia.lastIndex = offset;
  let end = offset;
  while (trivia.test(text)) end = trivia.lastIndex;
  return end;
}

/** Whether the last child of a container stands on a line of its own. */
export function isSpread(text: string, container: Node): boolean {
  const last = container.children?.at(-1);
  if (!last) return false;
  return (
    text.slice(container.offset, last.offset).includes("\n") &&
    /^[ \t]*$/.test(text.slice(text.lastIndexOf("\n", last.offset - 1) + 1, last.offset))
  );
}

/** `{ "memory": 512, "inline": ["a"] }`: JSON on one line with the blanks that people write. */
export function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, v]) => v !== undefined);
  if (members.length === 0) return "{}";
  return `{ ${members.map(([key, v]) => `${JSON.stringify(key)}: ${oneLine(v)}`).join(", ")} }`;
}

/** JSON with each member of an object on its own line, lists on one; `base` is the indentation of its first line. */
export function spreadOut(value: unknown, { eol, indent }: Layout, base: string, levels = Number.POSITIVE_INFINITY): string {
  const members =
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).filter(([, v]) => v !== undefined)
      : [];
  if (members.length === 0 || levels === 0) return oneLine(value);
  const lines = members.map(
    ([key, v]) => `${base}${indent}${JSON.stringify(key)}: ${spreadOut(v, { eol, indent }, base + indent, levels - 1)}`,
  );
  return `{${eol}${lines.join(`,${eol}`)}${eol}${base}}`;
}
