import { type Alternatives, type Term, badPattern, parseRegex } from "./regex-parse.ts";

/** A compiled regular expression. `test` looks anywhere in the text, in time linear in its length. */
export interface SafeRegex {
  test(text: string): boolean;
  /** A text that every match contains, "" if none is known. */
  readonly required: string;
}

/** States of the nondeterministic automaton; counted repetitions are unrolled into it. */
const MAX_STATES = 2000;
/** States of the deterministic automaton kept; past that it is thrown away and built anew, so memory stays bounded. */
const MAX_CACHED = 500;
/** Transition classes: one per ASCII code, one for all that lies beyond. */
const CLASSES = 129;
const BEYOND = 128;

interface Node {
  /** Flags by transition class, absent for nodes that consume nothing. */
  readonly accepts?: Uint8Array;
  readonly anchor?: "start" | "end";
  readonly next: number[];
}

/** The deterministic automaton's state: a set of nodes, its transitions found so far. */
interface State {
  readonly nodes: Uint16Array;
  readonly to: (State | undefined)[];
  /** A match has been seen whatever follows; or is one if the text ends here. */
  readonly accepting: boolean;
  readonly acceptingAtEnd: boolean;
}

/**
 * Compiles to an automaton that is determinized while it runs: no backtracking, so no pattern can take more than a step a
 * character, whatever the text.
 */
export function compileRegex(text: string): SafeRegex {
  const alternatives = parseRegex(text);
  const nodes = build(alternatives);
  return { test: new Automaton(nodes).test, required: requiredText(alternatives) };
}

function build(alternatives: Alternatives): Node[] {
  // Node 0 is the match, node 1 the start.
  const nodes: Node[] = [{ next: [] }, { next: [] }];
  const add = (node: Node) => {
    if (nodes.length >= MAX_STATES) throw badPattern();
    nodes.push(node);
    return nodes.length - 1;
  };
  for (const terms of alternatives) {
    let after = 0;
    for (const term of terms.toReversed()) after = before(term, after, nodes, add);
    (nodes[1] as Node).next.push(after);
  }
  return nodes;
}

/** Adds the nodes of a term in front of `after`; returns where to enter them. */
function before(term: Term, after: number, nodes: Node[], add: (node: Node) => number): number {
  if (term.kind !== "set") return add({ anchor: term.kind, next: [after] });
  const accepts = new Uint8Array(CLASSES);
  accepts.set(term.set.ascii);
  accepts[BEYOND] = term.set.beyond ? 1 : 0;
  let entry = after;
  if (term.max === Infinity) {
    const loop = add({ next: [after] });
    (nodes[loop] as Node).next.push(add({ accepts, next: [loop] }));
    entry = loop;
  } else {
    for (let count = term.min; count < term.max; count++) entry = add({ next: [add({ accepts, next: [entry] }), after] });
  }
  for (let count = 0; count < term.min; count++) entry = add({ accepts, next: [entry] });
  return entry;
}

class Automaton {
  readonly #nodes: readonly Node[];
  readonly #marks: Uint32Array;
  #mark = 0;
  #cache = new Map<string, State>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
    this.#marks = new Uint32Array(nodes.length);
  }

  test = (text: string): boolean => {
    let state = this.#state([1], true);
    if (state.accepting) return true;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      // The second half of a pair belongs to the character before it.
      if (code >= 0xdc00 && code < 0xe000) continue;
      const entry = code < 128 ? code : BEYOND;
      state = state.to[entry] ?? this.#step(state, entry);
      if (state.accepting) return true;
    }
    return state.acceptingAtEnd;
  };

  #step(from: State, entry: number): State {
    const targets: number[] = [1];
    for (const node of from.nodes) {
      const { accepts, next } = this.#nodes[node] as Node;
      if (accepts?.[entry]) targets.push(...next);
    }
    const to = this.#state(targets, false);
    from.to[entry] = to;
    return to;
  }

  #state(entries: number[], atStart: boolean): State {
    const nodes = this.#closure(entries, atStart, false);
    const key = `${atStart} ${nodes.join()}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const accepting = nodes.includes(0);
    const acceptingAtEnd = accepting || this.#closure(nodes, atStart, true).includes(0);
    const consuming = nodes.filter((node) => this.#nodes[node]?.accepts);
    const state: State = { nodes: Uint16Array.from(consuming), to: [], accepting, acceptingAtEnd };
    if (this.#cache.size >= MAX_CACHED) this.#cache = new Map();
    this.#cache.set(key, state);
    return state;
  }

  /** All nodes reached without consuming a character, sorted. */
  #closure(entries: readonly number[], atStart: boolean, atEnd: boolean): number[] {
    const mark = ++this.#mark;
    const stack = [...entries];
    const found: number[] = [];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (this.#marks[node] === mark) continue;
      this.#marks[node] = mark;
      found.push(node);
      const { accepts, anchor, next } = this.#nodes[node] as Node;
      if (accepts || (anchor === "start" && !atStart)) continue;
      if (anchor === "end" && !atEnd) continue;
      stack.push(...next);
    }
    return found.sort((a, b) => a - b);
  }
}

/** The longest run of plain characters of a pattern with one alternative. */
function requiredText(alternatives: Alternatives): string {
  const [terms, other] = alternatives;
  if (!terms || other) return "";
  let best = "";
  let run = "";
  for (const term of terms) {
    if (term.kind !== "set" || term.literal === undefined || term.min < 1) run = "";
    else {
      run += term.literal.repeat(term.min);
      if (run.length > best.length) best = run;
      if (term.max !== term.min) run = term.literal.repeat(Math.min(term.min, 1));
    }
    if (run.length > best.length) best = run;
  }
  return best;
}
