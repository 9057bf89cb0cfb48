import { getNodeValue, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";

export type JsonPath = readonly (string | number)[];

/** A JSON text with comments: its syntax tree, its value, and where every part of it stands. */
export interface JsonDocument {
  root: Node | undefined;
  /** Each with the offset and length (UTF-16 units) of the place. */
  faults: { message: string; offset: number; length: number }[];
}

/** How deep objects and arrays may nest: far more than any setup needs, far less than what overflows the stack. */
const MAX_DEPTH = 200;

const FAULTS: Partial<Record<string, string>> = {
  InvalidSymbol: "This is not JSON: a value is a string in double quotes, a number, true, false, null, {…} or […].",
  InvalidNumberFormat: "This is not a number.",
  PropertyNameExpected: "A property name in double quotes is missing here.",
  ValueExpected: "A value is missing here.",
  ColonExpected: 'A ":" is missing here.',
  CommaExpected: 'A "," is missing here.',
  CloseBraceExpected: 'A "}" is missing here.',
  CloseBracketExpected: 'A "]" is missing here.',
  EndOfFileExpected: "Nothing may follow after the end of the document.",
  UnexpectedEndOfComment: 'The comment has no end: "*/" is missing.',
  UnexpectedEndOfString: "The string has no end: a double quote is missing.",
};

/** Comments and trailing commas are allowed. Never throws. */
export function parseJson(text: string): JsonDocument {
  if (nestingOf(text) > MAX_DEPTH) {
    return { root: undefined, faults: [{ message: `The file nests deeper than ${MAX_DEPTH} levels.`, offset: 0, length: 1 }] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const faults = errors.map(({ error, offset, length }) => {
    const name = printParseErrorCode(error);
    return { message: FAULTS[name] ?? `This is not valid JSON (${name}).`, offset, length: Math.max(1, length) };
  });
  for (const { node, message } of faultyKeys(root)) faults.push({ message, offset: node.offset, length: node.length });
  return { root, faults };
}

/** How deep brackets nest, those in strings and comments left out. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\\r\n]|\\.)*"?|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)|[{}[\]]/g)) {
    if (token === "{" || token === "[") deepest = Math.max(deepest, ++depth);
    else if (token === "}" || token === "]") depth--;
  }
  return deepest;
}

/** Keys that stand twice in an object, and `__proto__`, which JavaScript takes for something else. */
function faultyKeys(root: Node | undefined): { node: Node; message: string }[] {
  const found: { node: Node; message: string }[] = [];
  const visit = (node: Node) => {
    const seen = new Set<string>();
    for (const child of node.children ?? []) {
      if (node.type === "object" && child.children?.[0]) {
        const key = String(child.children[0].value);
        if (key === "__proto__") found.push({ node: child.children[0], message: "Nothing may be named __proto__." });
        else if (seen.has(key))
          found.push({ node: child.children[0], message: `"${key}" stands here twice: remove one of the two.` });
        seen.add(key);
      }
      visit(child);
    }
  };
  if (root) visit(root);
  return found;
}

/** The value of a node. */
export function valueOf(node: Node | undefined): unknown {
  return node ? getNodeValue(node) : undefined;
}

/** The property node (key and value) or array element at a path, or the deepest part of the path that exists. */
export function nodeAt(root: Node | undefined, path: JsonPath): { node: Node | undefined; found: boolean } {
  let value = root;
  let shown = root;
  for (const step of path) {
    const next =
      value?.type === "object"
        ? value.children?.find((property) => property.children?.[0]?.value === String(step))
        : value?.type === "array" && typeof step === "number"
          ? value.children?.[step]
          : undefined;
    if (!next) return { node: shown, found: false };
    shown = next;
    value = next.type === "property" ? next.children?.[1] : next;
  }
  return { node: shown, found: true };
}
