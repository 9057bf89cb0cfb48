/** Geometry inside a stack: rows, outlines of functions under both setups, clone chips, and lanes for calls within the stack. */
import type { Link } from "./links.ts";
import type { Measure } from "./measure.ts";
import { SIZE } from "./measure.ts";
import type { Cell, Side, StackOfCells } from "./refinement.ts";
import type { Homes } from "./homes.ts";

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface RowShape extends Rect {
  id: string;
  task: string;
}

export interface CloneChip extends Rect {
  task: string;
}

/** The outline of a function under one setup. A function whose cells could not be kept together has several pieces. */
export interface BoxShape extends Rect {
  root: string;
  piece: number;
  side: Side;
  /** Top of the header; the outline may begin a little above it. */
  headerY: number;
  clones: CloneChip[];
}

/** A call within a stack: from a row by a lane at the left to another row or a clone chip. */
export interface Bracket {
  link: string;
  points: [number, number][];
}

export interface StackShape {
  id: string;
  width: number;
  height: number;
  collapsed: boolean;
  rows: RowShape[];
  boxes: BoxShape[];
  brackets: Bracket[];
}

/** Widths that content asks for; the same for all stacks of a picture so that columns line up. */
export interface Widths {
  row: number;
}

export interface StackInput {
  stack: StackOfCells;
  sides: readonly Side[];
  homes: Record<Side, Homes>;
  /** Links with both ends in this stack. */
  links: readonly Link[];
  collapsed: boolean;
  width: number;
  /** Tasks drawn once per function have no clones. */
  clones: boolean;
  measure: Measure;
}

/** px between the outline around several cells and those around one. */
const FRAME = 6;

interface Lanes {
  inner: Map<string, number>;
  outer: Map<string, number>;
}

export function layOutStack(input: StackInput): StackShape {
  const { stack, sides, collapsed, width } = input;
  const cellOf = new Map(stack.cells.flatMap((cell, index) => cell.placements.map((each) => [each.id, index] as const)));
  const lanes = collapsed ? { inner: new Map<string, number>(), outer: new Map<string, number>() } : assignLanes(input, cellOf);
  const outer = lanes.outer.size * SIZE.lane + (lanes.outer.size > 0 ? SIZE.pad + 4 : 0);
  const inner = lanes.inner.size * SIZE.lane;
  const rowX = outer + SIZE.pad + inner;
  const right = rowX + width + SIZE.pad;
  const shape: StackShape = { id: stack.id, width: right, height: 0, collapsed, rows: [], boxes: [], brackets: [] };
  if (collapsed) return collapse(shape, stack, sides);

  const open: Partial<Record<Side, BoxShape>> = {};
  const cellsIn: Partial<Record<Side, number>> = {};
  // A function that has several cells is framed a little further out, so that outlines of both setups can be told apart.
  const frame = stack.cells.length > 1 ? FRAME : 0;
  shape.width = right + frame;
  let y = frame;
  const close = (ending: Side[]) => {
    let bottom = y;
    for (const side of ending) {
      const box = open[side];
      if (!box) continue;
      box.clones = input.clones
        ? chips(input, side, box.root, rowX, y + (frame > 0 ? SIZE.pad + SIZE.rowGap : SIZE.rowGap), width)
        : [];
      const last = box.clones.at(-1);
      const end = (last ? last.y + last.height : y) + SIZE.pad;
      const several = (cellsIn[side] ?? 0) > 1;
      // Around several cells the outline also takes in the lanes of the calls between them.
      box.x = several ? 0 : outer;
      box.width = (several ? shape.width : right) - box.x;
      if (several) box.y -= frame;
      box.height = end + (several ? frame : 0) - box.y;
      bottom = Math.max(bottom, end);
    }
    y = bottom;
  };
  const pieces = new Map<string, number>();
  stack.cells.forEach((cell, index) => {
    const previous = stack.cells[index - 1];
    const starting = sides.filter((side) => previous?.home[side] !== cell.home[side]);
    if (previous) {
      close(starting);
      y += SIZE.gap;
    }
    for (const side of starting) {
      const key = `${side} ${cell.home[side]}`;
      const piece = pieces.get(key) ?? 0;
      pieces.set(key, piece + 1);
      const box: BoxShape = { root: cell.home[side], piece, side, x: 0, y, width: 0, height: 0, headerY: y, clones: [] };
      open[side] = box;
      cellsIn[side] = 0;
      shape.boxes.push(box);
    }
    for (const side of sides) cellsIn[side] = (cellsIn[side] ?? 0) + 1;
    y += SIZE.header + SIZE.rowGap;
    cell.placements.forEach((each, position) => {
      if (position > 0) y += SIZE.rowGap;
      shape.rows.push({ id: each.id, task: each.task, x: rowX, y, width, height: SIZE.row });
      y += SIZE.row;
    });
  });
  close([...sides]);
  shape.height = y + frame;
  shape.brackets = brackets(input, shape, lanes, cellOf, outer);
  return shape;
}

function collapse(shape: StackShape, stack: StackOfCells, sides: readonly Side[]): StackShape {
  shape.height = SIZE.header;
  for (const side of sides) {
    const root = stack.cells[0]?.home[side] ?? stack.id;
    shape.boxes.push({ root, piece: 0, side, x: 0, y: 0, width: shape.width, height: SIZE.header, headerY: 0, clones: [] });
  }
  return shape;
}

function chips(input: StackInput, side: Side, root: string, x: number, top: number, width: number): CloneChip[] {
  const result: CloneChip[] = [];
  let left = x;
  let y = top;
  for (const task of input.homes[side].clones(root)) {
    const wide = Math.min(width, input.measure(task, "metric") + 28);
    if (left > x && left + wide > x + width) {
      left = x;
      y += SIZE.chip + SIZE.chipGap;
    }
    result.push({ task, x: left, y, width: wide, height: SIZE.chip });
    left += wide + SIZE.chipGap;
  }
  return result;
}

/** One lane per caller and kind, so that calls of one caller share a trunk; lanes inside a cell lie inside its outline. */
function assignLanes(input: StackInput, cellOf: Map<string, number>): Lanes {
  const lanes: Lanes = { inner: new Map(), outer: new Map() };
  for (const link of input.links) {
    const where = scope(link, cellOf, input) === "inner" ? lanes.inner : lanes.outer;
    const key = trunk(link);
    if (!where.has(key)) where.set(key, where.size);
  }
  return lanes;
}

const trunk = (link: Link) => `${link.kind} ${link.from}`;

function scope(link: Link, cellOf: Map<string, number>, input: StackInput): "inner" | "outer" {
  const from = cellOf.get(link.from);
  if ("placement" in link.to) return from === cellOf.get(link.to.placement) ? "inner" : "outer";
  const cells: Cell[] = input.stack.cells;
  const host = link.to.cloneIn;
  const last = cells.findLastIndex((cell) => input.sides.some((side) => cell.home[side] === host));
  return from === last ? "inner" : "outer";
}

function brackets(input: StackInput, shape: StackShape, lanes: Lanes, cellOf: Map<string, number>, outer: number): Bracket[] {
  const rows = new Map(shape.rows.map((row) => [row.id, row]));
  const result: Bracket[] = [];
  for (const link of input.links) {
    const from = rows.get(link.from);
    const to = targetRect(link, rows, shape, input);
    if (!from || !to) continue;
    const inside = scope(link, cellOf, input) === "inner";
    const lane = (inside ? lanes.inner : lanes.outer).get(trunk(link)) ?? 0;
    const count = (inside ? lanes.inner : lanes.outer).size;
    const x = (inside ? outer + SIZE.pad : SIZE.pad) + (count - 1 - lane) * SIZE.lane;
    const start = from.y + from.height - 6;
    const end = to.y + to.height / 2 + (link.kind === "async" && to.height > SIZE.chip ? 4 : 0);
    if (from === to) {
      // A task that calls itself: a loop beside its row.
      result.push({
        link: link.id,
        points: [
          [from.x, start],
          [x, start],
          [x, from.y + 6],
          [from.x, from.y + 6],
        ],
      });
    } else {
      result.push({
        link: link.id,
        points: [
          [from.x, start],
          [x, start],
          [x, end],
          [to.x, end],
        ],
      });
    }
  }
  return result;
}

function targetRect(link: Link, rows: Map<string, RowShape>, shape: StackShape, input: StackInput): Rect | undefined {
  if ("placement" in link.to) return rows.get(link.to.placement);
  const host = link.to.cloneIn;
  for (const side of input.sides) {
    if (link.mode[side] === undefined) continue;
    for (const box of shape.boxes) {
      const chip = box.side === side && box.root === host ? box.clones.find((each) => each.task === link.callee) : undefined;
      if (chip) return chip;
    }
  }
  return undefined;
}
