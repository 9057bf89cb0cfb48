/**
 * One geometry for two groupings. Tasks that are together under both setups form a cell; cells that either setup joins form a
 * stack. A stack is laid out once, cells one below the other, so that switching between the setups moves no task: only the
 * outlines around runs of cells change.
 */

export type Side = "before" | "after";

export interface Placement {
  /** Unique in the scene: the task's name, or `function/task` where tasks are drawn once per function. */
  id: string;
  task: string;
  /** Root of the function it stands in, under each setup. */
  home: Record<Side, string>;
}

export interface Cell {
  home: Record<Side, string>;
  placements: Placement[];
}

export interface StackOfCells {
  /** Stable between updates: the smallest root in reading order. */
  id: string;
  cells: Cell[];
}

export function refine(placements: readonly Placement[], rank: (task: string) => number): StackOfCells[] {
  const cells = new Map<string, Cell>();
  for (const each of placements) {
    const key = JSON.stringify([each.home.before, each.home.after]);
    const cell = cells.get(key);
    if (cell) cell.placements.push(each);
    else cells.set(key, { home: each.home, placements: [each] });
  }
  for (const cell of cells.values()) {
    const weight = (each: Placement) =>
      each.task === cell.home.after ? -2 : each.task === cell.home.before ? -1 : rank(each.task);
    cell.placements.sort((a, b) => weight(a) - weight(b));
  }
  return joined([...cells.values()]).map((members) => {
    const ordered = arrange(members, rank);
    return { id: ordered[0]?.home.before ?? "", cells: ordered };
  });
}

/** Cells connected by sharing a function under either setup. */
function joined(cells: Cell[]): Cell[][] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    parent.set(key, root);
    return root;
  };
  const keys = (cell: Cell) => [`before ${cell.home.before}`, `after ${cell.home.after}`] as const;
  for (const cell of cells) {
    const [before, after] = keys(cell);
    parent.set(find(before), find(after));
  }
  const stacks = new Map<string, Cell[]>();
  for (const cell of cells) {
    const root = find(keys(cell)[0]);
    const stack = stacks.get(root);
    if (stack) stack.push(cell);
    else stacks.set(root, [cell]);
  }
  return [...stacks.values()];
}

/** Keeps each function's cells next to each other: always under `after`, and under `before` wherever an order allows it. */
function arrange(cells: Cell[], rank: (task: string) => number): Cell[] {
  const first = (cell: Cell) => Math.min(...cell.placements.map((each) => rank(each.task)));
  const groups = Map.groupBy(cells, (cell) => cell.home.after);
  const waiting = new Map([...groups].sort((a, b) => rank(a[0]) - rank(b[0])));
  const result: Cell[] = [];
  while (waiting.size > 0) {
    const open = result.at(-1)?.home.before;
    const next = [...waiting].find(([, group]) => group.some((cell) => cell.home.before === open)) ?? [...waiting][0];
    if (!next) break;
    waiting.delete(next[0]);
    const wantedLater = (cell: Cell) =>
      [...waiting.values()].some((group) => group.some((each) => each.home.before === cell.home.before));
    const weight = (cell: Cell) =>
      (cell.home.before === open ? -4e9 : 0) +
      (cell.placements.some((each) => each.task === next[0]) ? -2e9 : 0) +
      (wantedLater(cell) ? 1e9 : 0) +
      first(cell);
    result.push(...next[1].toSorted((a, b) => weight(a) - weight(b)));
  }
  return result;
}
