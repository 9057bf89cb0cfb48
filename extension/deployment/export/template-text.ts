import { Document, isAlias, isMap, isScalar, isSeq, parseDocument, Scalar, visit, YAMLMap, type Node, type Pair } from "yaml";
import { UserError } from "../../core/errors.ts";

/** Text of a template of which single parts are written anew; all the rest stays byte for byte. */
export interface TemplateText {
  /** A copy of a part, without aliases and merge keys; undefined where there is none. */
  read(path: readonly string[]): Node | undefined;
  replace(path: readonly string[], node: YAMLMap): void;
  toString(): string;
}

/** Texts stay as they are written: `012` is no number, `yes` no truth value. */
const AS_WRITTEN = { schema: "failsafe", logLevel: "silent", uniqueKeys: false } as const;
/** An attack, not a template, holds itself deeper than this. */
const MAX_DEPTH = 100;

/** @throws UserError `template-syntax` */
export function templateText(file: string, text: string): TemplateText {
  return file.endsWith(".json") ? jsonText(file, text) : yamlText(file, text);
}

function yamlText(file: string, text: string): TemplateText {
  const document = parseDocument(text, AS_WRITTEN);
  if (document.errors[0]) throw unreadable(file, document.errors[0].message);
  const parts: { range: readonly [number, number]; text: string }[] = [];
  return {
    read: (path) => expanded(at(document, path), document),
    replace(path, node) {
      const written = at(document, path);
      if (!written?.range) throw new Error(`${path.join(".")} is not in ${file}`);
      const [start, end] = [written.range[0], valueEnd(text, written)];
      // What stands before it in the file stays there.
      node.commentBefore = null;
      visit(node, { Scalar: (_key, scalar) => void (typeof scalar.value === "number" && (scalar.value = String(scalar.value))) });
      const flowCollectionPadding = !/[[{][^\s[\]{}]/.test(text.slice(start, end)) || /\{ /.test(text.slice(start, end));
      const own = new Document(node, AS_WRITTEN).toString({ lineWidth: 0, flowCollectionPadding }).trimEnd();
      const column = start - (text.lastIndexOf("\n", start - 1) + 1);
      const block = !node.flow;
      // A map that was an alias or stood in one line behind its key moves to lines of its own.
      const behindKey = block && text.slice(start - column, start).trim() !== "";
      const indent = behindKey ? " ".repeat(indentOf(text, start) + 2) : " ".repeat(column);
      const lines = own.split("\n").map((line, i) => (line === "" || (i === 0 && !behindKey) ? line : indent + line));
      parts.push({ range: [start, end], text: (behindKey ? "\n" : "") + lines.join("\n") });
    },
    toString() {
      let result = text;
      for (const part of parts.toSorted((a, b) => b.range[0] - a.range[0])) {
        result = result.slice(0, part.range[0]) + part.text + result.slice(part.range[1]);
      }
      return result;
    },
  };
}

function jsonText(file: string, text: string): TemplateText {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
  const document = new Document(root, { aliasDuplicateObjects: false });
  return {
    read: (path) => expanded(at(document, path), document),
    replace: (path, node) => document.setIn(path, node),
    toString: () => `${JSON.stringify(document.toJS(), null, /^\{\r?\n([ \t]+)"/.exec(text)?.[1] ?? 2)}\n`,
  };
}

const unreadable = (file: string, why: string) =>
  new UserError("template-syntax", `${file} does not parse: ${why.split("\n")[0]}`, "Correct the template.");

function at(document: Document, path: readonly string[]): Node | undefined {
  const found = document.getIn(path, true) as Node | null | undefined;
  return found ?? undefined;
}

/** The end of a value without the comments and empty lines behind it. */
function valueEnd(text: string, { range }: Node): number {
  const [start, end] = range!;
  return start + text.slice(start, end).trimEnd().length;
}

function indentOf(text: string, offset: number): number {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^ */.exec(line)![0].length;
}

/** A copy in which aliases are what they stand for, and merged maps are put together. */
function expanded(node: Node | undefined, document: Document, depth = 0): Node | undefined {
  if (node === undefined || depth > MAX_DEPTH) return undefined;
  if (isAlias(node)) {
    const meant = expanded(node.resolve(document), document, depth + 1);
    if (meant && "anchor" in meant) delete meant.anchor;
    return meant;
  }
  const copy = node.clone() as Node;
  if (isSeq(node) && isSeq(copy)) copy.items = node.items.map((item) => expanded(item as Node, document, depth + 1));
  if (isMap(node) && isMap(copy)) {
    const own: Pair[] = [];
    const merged: Pair[] = [];
    (node.items as Pair<Node, Node | null>[]).forEach((pair, i) => {
      const value = expanded(pair.value ?? undefined, document, depth + 1);
      if (isScalar(pair.key) && pair.key.value === "<<") {
        for (const map of isSeq(value) ? value.items : [value]) if (isMap(map)) merged.push(...map.items);
      } else {
        const one = copy.items[i]!;
        one.value = value ?? null;
        own.push(one);
      }
    });
    const keys = new Set(own.map(keyOf));
    copy.items = [...own, ...merged.filter((pair) => !keys.has(keyOf(pair)) && keys.add(keyOf(pair)))];
  }
  return copy;
}

export const keyOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : "");

/** A text in quotes, whatever it could be taken for without them. */
export function quoted(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/** The map at a key, made where it is missing; undefined where something else stands there. */
export function mapAt(map: YAMLMap, key: string): YAMLMap | undefined {
  const found = map.get(key, true) as Node | undefined;
  if (isMap(found) && found.tag === undefined) return found;
  if (found !== undefined && !(isScalar(found) && (found.value === null || found.value === ""))) return undefined;
  const made = new YAMLMap();
  made.flow = map.flow === true;
  map.set(key, made);
  return made;
}
