/** A template's text as plain values, with the place of each part. Short forms (`!Ref`, `!GetAtt`, …) are written out. */
import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { Node, Pair } from "yaml";
import type { Diagnostic, SourceRange } from "../../core/graph.ts";
import { positionsOf } from "../../core/positions.ts";

export type Path = readonly (string | number)[];

export interface TemplateDocument {
  file: string;
  /** Undefined when the text is no template at all. */
  root: unknown;
  /** Place of a part, or of the nearest part around it that is written. */
  at(path: Path): SourceRange;
  diagnostics: Diagnostic[];
}

/** Aliases in a document may refer to each other many times over; more than this many is an attack, not a template. */
const MAX_ALIASES = 200;
/** Parts that aliases stand for, together. */
const MAX_ALIASED = 20_000;
const MAX_DEPTH = 100;

/** Reads YAML or JSON (which is YAML). Never throws. */
export function readTemplate(file: string, text: string): TemplateDocument {
  const positions = positionsOf(file, text);
  const document = parseDocument(text, { lineCounter: new LineCounter(), uniqueKeys: false, logLevel: "silent" });
  const diagnostics = document.errors.slice(0, 5).map((error): Diagnostic => {
    const message = `The template does not parse: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")}.`;
    return { ...positions.range(error.pos[0], error.pos[1]), severity: "error", code: "template-syntax", message };
  });
  const meanings = aliasesOf(document.contents);
  let aliases = 0;
  let aliased = 0;
  let within = 0;
  const value = (node: Node | null | undefined, depth: number): unknown => {
    if (depth > MAX_DEPTH || (within > 0 && ++aliased > MAX_ALIASED)) return undefined;
    if (isAlias(node)) {
      if (++aliases > MAX_ALIASES) return undefined;
      within++;
      const meant = value(meanings.get(node), depth + 1);
      within--;
      return meant;
    }
    const plain = untagged(node, depth);
    return writtenOut(node?.tag, plain);
  };
  const untagged = (node: Node | null | undefined, depth: number): unknown => {
    if (isScalar(node)) return node.value;
    if (isSeq(node)) return node.items.map((item) => value(item as Node, depth + 1));
    if (!isMap(node)) return undefined;
    // Without a prototype: a key of the file is never a member of ours.
    const map = Object.create(null) as Record<string, unknown>;
    for (const { key, value: item } of node.items as Pair<Node, Node | null>[]) {
      const name = isScalar(key) ? String(key.value) : "";
      if (name !== "<<") map[name] = value(item, depth + 1);
      else {
        const merged = value(item, depth + 1);
        if (isRecord(merged)) for (const [inner, one] of Object.entries(merged)) map[inner] ??= one;
      }
    }
    return map;
  };
  const place = (path: Path): [number, number] => {
    let node: Node | null | undefined = document.contents;
    let found: [number, number] = [0, 0];
    for (const step of path) {
      if (isMap(node)) {
        const pair: Pair<Node, Node | null> | undefined = (node.items as Pair<Node, Node | null>[]).find(
          ({ key }) => isScalar(key) && String(key.value) === step,
        );
        if (!pair) break;
        found = [pair.key.range?.[0] ?? 0, pair.key.range?.[1] ?? 0];
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)] as Node | undefined;
        if (node?.range) found = [node.range[0], node.range[1]];
      } else break;
    }
    // Of a property its value if that is short: an error should not underline a whole resource.
    if (isScalar(node) && path.length > 0 && node.range) found = [node.range[0], node.range[1]];
    return found;
  };
  return {
    file,
    root: document.contents ? value(document.contents, 0) : undefined,
    at: (path) => positions.range(...place(path)),
    diagnostics,
  };
}

/** What each alias stands for, by one walk: looking for each by itself takes a walk of its own. */
function aliasesOf(root: Node | null): Map<Node, Node> {
  const anchors = new Map<string, Node>();
  const found = new Map<Node, Node>();
  const walk = (node: Node | null | undefined, depth: number): void => {
    if (!node || depth > MAX_DEPTH) return;
    if (isAlias(node)) {
      const meant = anchors.get(node.source);
      if (meant) found.set(node, meant);
      return;
    }
    if ((isScalar(node) || isCollection(node)) && node.anchor) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) walk(item as Node, depth + 1);
    if (isMap(node)) {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
        walk(key, depth + 1);
        walk(value, depth + 1);
      }
    }
  };
  walk(root, 0);
  return found;
}

/** `!Ref x` is `{ Ref: x }`, `!GetAtt a.b` is `{ "Fn::GetAtt": ["a", "b"] }`. */
function writtenOut(tag: string | undefined, value: unknown): unknown {
  if (!tag?.startsWith("!") || tag.startsWith("!!")) return value;
  const name = tag.slice(1);
  const key = name === "Ref" || name === "Condition" ? name : `Fn::${name}`;
  if (name === "GetAtt" && typeof value === "string") {
    const dot = value.indexOf(".");
    return record(key, [value.slice(0, dot), value.slice(dot + 1)]);
  }
  return record(key, value);
}

function record(key: string, value: unknown): Record<string, unknown> {
  const one = Object.create(null) as Record<string, unknown>;
  one[key] = value;
  return one;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A scalar as text; what is none is "". */
export function plainText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
