/** What the person looks at: kept by the page, and handed over for the next start. Never trusted on the way back. */
import { array, type Check, literal, number, object, optional, string, union } from "./checks.ts";
import type { Side } from "./graph/refinement.ts";

export type Tab = "graph" | "front" | "trace";
export type Selection = { kind: "task"; id: string } | { kind: "function"; id: string } | { kind: "call"; id: string };
export type Colour = "none" | "latency" | "cost" | "errors";

export interface ViewState {
  tab: Tab;
  /** Under which setup the graph is drawn while two are compared. */
  side: Side;
  view: "task" | "deployment";
  selection?: Selection;
  viewport?: { k: number; x: number; y: number };
  /** Functions whose state differs from the default (all open; all closed in large apps). */
  toggled: string[];
  colour: Colour;
  /** Only what this entry task reaches. */
  entry?: string;
  /** Only this many calls away from an entry. */
  depth?: number;
  /** Only the function of this root, and what calls it or is called by it. */
  group?: string;
  legend: boolean;
  /** Setup picked in the front, compared with the current one. */
  picked?: string;
  /** Trace that was looked at last. */
  trace?: string;
}

/** px; in a narrower panel the legend would cover too much. */
const ROOM_FOR_LEGEND = 900;

const initial = (): ViewState => ({
  tab: "graph",
  side: "before",
  view: "task",
  toggled: [],
  colour: "none",
  legend: innerWidth >= ROOM_FOR_LEGEND,
});

const id = string(2_000);
const boolean: Check<boolean> = (value) => value === true;
const check = object({
  tab: literal("graph", "front", "trace"),
  side: literal("before", "after"),
  view: literal("task", "deployment"),
  selection: optional(
    union("kind", {
      task: object({ kind: literal("task"), id }),
      function: object({ kind: literal("function"), id }),
      call: object({ kind: literal("call"), id }),
    }),
  ),
  viewport: optional(object({ k: number(1e-4, 1e4), x: number(-1e9, 1e9), y: number(-1e9, 1e9) })),
  toggled: array(id, 5_000),
  colour: literal("none", "latency", "cost", "errors"),
  entry: optional(id),
  depth: optional(number(1, 1_000)),
  group: optional(id),
  legend: boolean,
  picked: optional(id),
  trace: optional(id),
});

/** State of another version or a damaged one is the initial state. */
export function restored(saved: unknown): ViewState {
  try {
    return check(saved, "view state");
  } catch {
    return initial();
  }
}
