import { MATCH, type Node, START, transitionAt } from "./program.ts";

/** States kept; past that they are thrown away and found anew, so memory stays bounded. */
const MAX_CACHED = 500;

/** A state of the deterministic automaton: a set of nodes, and its transitions as far as they were needed. */
interface State {
  readonly nodes: Uint16Array;
  readonly to: (State | undefined)[];
  /** A match has been seen, whatever follows; or is one if the text ends here. */
  readonly accepting: boolean;
  readonly acceptingAtEnd: boolean;
}

/** Says whether a program matches anywhere in a text; made deterministic while it runs, so it costs a step a character. */
export class Automaton {
  readonly #program: readonly Node[];
  readonly #marks: Uint32Array;
  #mark = 0;
  #cache = new Map<string, State>();

  constructor(program: readonly Node[]) {
    this.#program = program;
    this.#marks = new Uint32Array(program.length);
  }

  test(text: string): boolean {
    let state = this.#state([START], true);
    for (let index = 0; !state.accepting && index < text.length; index++) {
      const transition = transitionAt(text, index);
      if (transition >= 0) state = state.to[transition] ?? this.#step(state, transition);
    }
    return state.accepting || state.acceptingAtEnd;
  }

  #step(from: State, transition: number): State {
    const targets: number[] = [START];
    for (const node of from.nodes) {
      const { accepts, next } = this.#program[node] as Node;
      if (accepts?.[transition]) targets.push(...next);
    }
    const to = this.#state(targets, false);
    from.to[transition] = to;
    return to;
  }

  #state(entries: number[], atStart: boolean): State {
    const nodes = this.#closure(entries, atStart, false);
    const key = `${atStart} ${nodes.join()}`;
    const known = this.#cache.get(key);
    if (known) return known;
    const accepting = nodes.includes(MATCH);
    const acceptingAtEnd = accepting || this.#closure(nodes, atStart, true).includes(MATCH);
    const consuming = nodes.filter((node) => this.#program[node]?.accepts);
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
      const { accepts, anchor, next } = this.#program[node] as Node;
      if (accepts || (anchor === "start" && !atStart) || (anchor === "end" && !atEnd)) continue;
      stack.push(...next);
    }
    return found.sort((a, b) => a - b);
  }
}
