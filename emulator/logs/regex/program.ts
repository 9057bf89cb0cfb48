import { type Alternatives, type Term, badPattern } from "./parse.ts";

/** Transition classes: one per ASCII code, one for all that lies beyond. */
export const TRANSITIONS = 129;
const BEYOND = 128;
/** States; counted repetitions are unrolled into them. */
const MAX_NODES = 2000;

/** The class of the character at `index`; -1 for the second half of a pair, which belongs to the character before it. */
export function transitionAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code < 128) return code;
  return code >= 0xdc00 && code < 0xe000 ? -1 : BEYOND;
}

/** A state of the nondeterministic automaton. `next` is in order of preference. */
export interface Node {
  /** Flags by transition class, absent for nodes that consume nothing. */
  readonly accepts?: Uint8Array;
  readonly anchor?: "start" | "end";
  /** Slot that takes the place reached: twice the capture's number, plus one at its end. */
  readonly save?: number;
  readonly next: number[];
}

/** Node 0 is the match, node 1 the start. */
export const MATCH = 0;
export const START = 1;

export function buildProgram(alternatives: Alternatives): readonly Node[] {
  const nodes: Node[] = [{ next: [] }, { next: [] }];
  const add = (node: Node) => {
    if (nodes.length >= MAX_NODES) throw badPattern();
    nodes.push(node);
    return nodes.length - 1;
  };
  const choice = (parts: Alternatives, after: number) =>
    add({ next: parts.map((terms) => terms.reduceRight((target, term) => before(term, target), after)) });

  /** Adds the nodes of a term in front of `after`; returns where to enter them. */
  const before = (term: Term, after: number): number => {
    if (term.kind === "start" || term.kind === "end") return add({ anchor: term.kind, next: [after] });
    const once = (target: number): number => {
      if (term.kind === "set") {
        const accepts = new Uint8Array(TRANSITIONS);
        accepts.set(term.set.ascii);
        accepts[BEYOND] = term.set.beyond ? 1 : 0;
        return add({ accepts, next: [target] });
      }
      if (term.capture === undefined) return choice(term.alternatives, target);
      const end = add({ save: term.capture * 2 + 1, next: [target] });
      return add({ save: term.capture * 2, next: [choice(term.alternatives, end)] });
    };
    const optional = (inner: number) => (term.lazy ? [after, inner] : [inner, after]);
    let entry = after;
    if (term.max === Infinity) {
      entry = add({ next: [] });
      (nodes[entry] as Node).next.push(...optional(once(entry)));
    } else for (let count = term.min; count < term.max; count++) entry = add({ next: optional(once(entry)) });
    for (let count = 0; count < term.min; count++) entry = once(entry);
    return entry;
  };
  (nodes[START] as Node).next.push(choice(alternatives, MATCH));
  return nodes;
}
