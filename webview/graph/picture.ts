/** Scene and arrangement joined: absolute rectangles, lines and labels, ready to be drawn. Pure. */
import type { FunctionView, TaskView } from "../protocol.ts";
import { t } from "../words.ts";
import type { Arrangement } from "./layout.ts";
import { type Link, paysTwice } from "./links.ts";
import type { Point } from "./paths.ts";
import type { Placement, Side } from "./refinement.ts";
import type { Scene } from "./scene.ts";
import type { CloneChip, Rect } from "./stack.ts";

export interface BoxItem {
  id: string;
  root: string;
  rects: Partial<Record<Side, Rect>>;
  headerY: Partial<Record<Side, number>>;
  clones: Partial<Record<Side, CloneChip[]>>;
  functions: Partial<Record<Side, FunctionView>>;
  /** Where header texts and rows begin and end. */
  content: { x: number; width: number };
  collapsed: boolean;
  /** Later pieces of a function that could not be drawn in one carry no numbers. */
  piece: number;
}

export interface RowItem extends Rect {
  id: string;
  task: TaskView;
  placement: Placement;
  /** Id of the box it stands in, under each setup. */
  stack: string;
}

export interface LineItem {
  id: string;
  links: Link[];
  points: Point[];
  /** Inside a stack, or between two. */
  within: boolean;
  /** Row id or, where collapsed, stack id. */
  from: string;
  to: string;
}

export interface Picture {
  width: number;
  height: number;
  boxes: BoxItem[];
  rows: RowItem[];
  lines: LineItem[];
}

export function joinPicture(scene: Scene, arrangement: Arrangement): Picture {
  const boxes = new Map<string, BoxItem>();
  const rows: RowItem[] = [];
  const lines: LineItem[] = [];
  const order = scene.stacks.toSorted((a, b) => {
    const [p, q] = [arrangement.stacks.get(a.id), arrangement.stacks.get(b.id)];
    return (p?.x ?? 0) - (q?.x ?? 0) || (p?.y ?? 0) - (q?.y ?? 0);
  });
  for (const stack of order) {
    const at = arrangement.stacks.get(stack.id) ?? { x: 0, y: 0 };
    const move = <R extends Rect>(rect: R): R => ({ ...rect, x: rect.x + at.x, y: rect.y + at.y });
    const first = stack.rows[0];
    const content = first ? { x: first.x + at.x, width: first.width } : { x: at.x + 8, width: stack.width - 16 };
    for (const shape of stack.boxes) {
      const id = `${shape.root}#${shape.piece}`;
      const box = boxes.get(id) ?? {
        id,
        root: shape.root,
        rects: {},
        headerY: {},
        clones: {},
        functions: {},
        content,
        collapsed: stack.collapsed,
        piece: shape.piece,
      };
      const { x, y, width, height } = move(shape);
      box.rects[shape.side] = { x, y, width, height };
      box.headerY[shape.side] = shape.headerY + at.y;
      box.clones[shape.side] = shape.clones.map(move);
      const view = scene.homes[shape.side].functions.get(shape.root);
      if (view) box.functions[shape.side] = view;
      boxes.set(id, box);
    }
    for (const shape of stack.rows) {
      const task = scene.tasks.get(shape.task);
      const placement = scene.placements.get(shape.id);
      if (!task || !placement) continue;
      const { x, y, width, height } = move(shape);
      rows.push({ id: shape.id, task, placement, stack: stack.id, x, y, width, height });
    }
    for (const bracket of stack.brackets) {
      const link = scene.links.get(bracket.link);
      if (!link) continue;
      const points = bracket.points.map(([x, y]): Point => [x + at.x, y + at.y]);
      lines.push({
        id: bracket.link,
        links: [link],
        points,
        within: true,
        from: link.from,
        to: "placement" in link.to ? link.to.placement : "",
      });
    }
  }
  for (const route of scene.routes) {
    const points = arrangement.routes.get(route.id);
    if (points) lines.push({ id: route.id, links: route.links, points, within: false, from: route.from, to: route.to });
  }
  return { width: arrangement.width, height: arrangement.height, boxes: [...boxes.values()], rows, lines };
}

export interface LineLook {
  present: boolean;
  kind: "sync" | "async";
  inlined: boolean;
  twice: boolean;
  /** Where source and measurement disagree on every call of the line. */
  evidence: Link["evidence"];
  /** px. */
  width: number;
}

/** How a line looks under one setup. Remote ones grow with the calls per request; inlined ones stay thin. */
export function lineLook(line: LineItem, side: Side): LineLook {
  const present = line.links.filter((link) => link.mode[side] !== undefined);
  const inlined = present.length > 0 && present.every((link) => link.mode[side] === "inlined");
  const calls = present.reduce((sum, link) => sum + (link.perRequest ?? 1), 0);
  return {
    present: present.length > 0,
    kind: line.links[0]?.kind ?? "sync",
    inlined,
    twice: present.some((link) => paysTwice(link, side)),
    evidence: present.every((link) => link.evidence !== undefined) ? present[0]?.evidence : undefined,
    width: inlined ? 1 : Math.min(5, 1.25 + 0.75 * Math.sqrt(Math.max(0.25, calls))),
  };
}

/** What a screen reader says of a task: its place, how it is called, what it calls. */
export function describeTask(row: RowItem, side: Side, scene: Scene): string {
  const parts = [row.task.entry ? t("Entry task {0}", row.task.name) : t("Task {0}", row.task.name)];
  const home = row.placement.home[side];
  if (home !== row.task.name) parts.push(t("in function {0}", home));
  const callees: string[] = [];
  for (const link of scene.links.values()) {
    const mode = link.mode[side];
    if (link.from !== row.id || mode === undefined) continue;
    const how = link.kind === "sync" ? t("synchronous") : t("asynchronous");
    callees.push(
      `${link.callee} (${how}, ${mode === "inlined" ? t("inlined") : t("remote")}${paysTwice(link, side) ? `, ${t("paid twice")}` : ""})`,
    );
  }
  if (callees.length > 0) parts.push(t("calls {0}", callees.join(", ")));
  if (row.task.constraints?.length) parts.push(t("constraint: {0}", row.task.constraints.join("; ")));
  return parts.join(", ");
}
