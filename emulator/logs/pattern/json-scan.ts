import type { Condition, Selector } from "./json-parse.ts";

/** What a scan found at a selector, as the place of its bytes; `kind` is the value's first byte, 0 if there is none. */
export interface Slot {
  kind: number;
  start: number;
  end: number;
}

/** Evaluates one comparison on the bytes of a value; must not say false where the parsed value would match. */
export type LeafTest = (condition: Exclude<Condition, { kind: "and" | "or" }>, slot: Slot, bytes: Buffer) => boolean;

interface Node {
  readonly children: { readonly name: Buffer; readonly node: Node }[];
  slot?: Slot;
  /** The slots of this node and all below it: forgotten when a member comes a second time, the last counts. */
  readonly below: Slot[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COLON = 0x3a;
const COMMA = 0x2c;
const SPACE = 0x20;

/** Returned by the scan where the text is not what it can follow: an escaped name, or no JSON. */
const LOST = -1;

/**
 * Compiles a condition to a test on a message's bytes that never says no to a message that matches, and mostly says no to one
 * that does not, at a fraction of the price of parsing it. Undefined if the condition's selectors leave it nothing to test.
 */
export function compileScan(
  condition: Condition,
  leaf: LeafTest,
): ((bytes: Buffer, start: number, end: number) => boolean) | undefined {
  const root: Node = { children: [], below: [] };
  const evaluate = compileCondition(condition, root, leaf);
  if (root.children.length === 0) return undefined;
  return (bytes, start, end) => {
    const at = skipBlanks(bytes, start, end);
    if (bytes[at] !== OPEN_BRACE || at >= end) return at < end && bytes[at] === OPEN_BRACKET;
    for (const slot of root.below) slot.kind = 0;
    if (scanObject(bytes, at, end, root) === LOST) return true;
    return evaluate(bytes);
  };
}

function compileCondition(condition: Condition, root: Node, leaf: LeafTest): (bytes: Buffer) => boolean {
  if ("parts" in condition) {
    const parts = condition.parts.map((part) => compileCondition(part, root, leaf));
    if (condition.kind === "and") return (bytes) => parts.every((part) => part(bytes));
    return (bytes) => parts.some((part) => part(bytes));
  }
  const slot = slotOf(condition.selector, root);
  return slot ? (bytes) => leaf(condition, slot, bytes) : () => true;
}

/** The slot for a selector made of names alone; others are left to the parsed message. */
function slotOf(selector: Selector, root: Node): Slot | undefined {
  if (!selector.steps.every((step) => step.kind === "name")) return undefined;
  const path = [root];
  for (const { name } of selector.steps) {
    const bytes = Buffer.from(name);
    const { children } = path.at(-1) as Node;
    let child = children.find((candidate) => candidate.name.equals(bytes));
    if (!child) children.push((child = { name: bytes, node: { children: [], below: [] } }));
    path.push(child.node);
  }
  const last = path.at(-1) as Node;
  if (!last.slot) {
    last.slot = { kind: 0, start: 0, end: 0 };
    for (const node of path) node.below.push(last.slot);
  }
  return last.slot;
}

/** Scans the object that opens at `at`, fills the slots found; returns the place after it. */
function scanObject(bytes: Buffer, at: number, end: number, node: Node): number {
  let next = skipBlanks(bytes, at + 1, end);
  if (bytes[next] === CLOSE_BRACE) return next + 1;
  for (;;) {
    if (next >= end || bytes[next] !== QUOTE) return LOST;
    const name = next + 1;
    next = name;
    while (next < end && bytes[next] !== QUOTE) if (bytes[next++] === BACKSLASH) return LOST;
    const member = memberOf(node, bytes, name, next);
    next = skipBlanks(bytes, next + 1, end);
    if (bytes[next] !== COLON) return LOST;
    next = skipBlanks(bytes, next + 1, end);
    if (member) {
      const start = next;
      for (const slot of member.below) slot.kind = 0;
      const kind = bytes[start] as number;
      next =
        kind === OPEN_BRACE && member.children.length > 0 ? scanObject(bytes, start, end, member) : skipValue(bytes, start, end);
      if (member.slot) {
        member.slot.kind = kind;
        member.slot.start = start;
        member.slot.end = next;
      }
    } else next = skipValue(bytes, next, end);
    if (next === LOST || next >= end) return LOST;
    next = skipBlanks(bytes, next, end);
    const separator = bytes[next];
    if (separator === CLOSE_BRACE && next < end) return next + 1;
    if (separator !== COMMA) return LOST;
    next = skipBlanks(bytes, next + 1, end);
  }
}

function memberOf(node: Node, bytes: Buffer, start: number, end: number): Node | undefined {
  const length = end - start;
  search: for (const child of node.children) {
    if (child.name.length !== length) continue;
    for (let index = 0; index < length; index++) if (child.name[index] !== bytes[start + index]) continue search;
    return child.node;
  }
  return undefined;
}

function skipBlanks(bytes: Buffer, at: number, end: number): number {
  let next = at;
  while (next < end && (bytes[next] as number) <= SPACE) next++;
  return next;
}

function skipValue(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at, end);
  let next = at;
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    for (; next < end; next++) {
      const byte = bytes[next] as number;
      if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= SPACE) return next;
    }
    return LOST;
  }
  for (let depth = 0; next < end;) {
    const byte = bytes[next];
    if (byte === QUOTE) {
      next = skipString(bytes, next, end);
      if (next === LOST) return LOST;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return next + 1;
    next++;
  }
  return LOST;
}

function skipString(bytes: Buffer, at: number, end: number): number {
  for (let next = at + 1; next < end; next++) {
    const byte = bytes[next];
    if (byte === QUOTE) return next + 1;
    if (byte === BACKSLASH) next++;
  }
  return LOST;
}
