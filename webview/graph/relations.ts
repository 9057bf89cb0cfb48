/** What belongs to a selection: the selected rows, those that call them, those that they call, and the lines between. */
import type { Selection } from "../view-state.ts";
import type { LineItem, Picture } from "./picture.ts";
import { lineLook } from "./picture.ts";
import type { Side } from "./refinement.ts";

export interface Relations {
  rows: Map<string, "selected" | "caller" | "callee" | "both">;
  /** Boxes that hold one of these rows. */
  boxes: Set<string>;
  lines: Map<string, "in" | "out" | "selected">;
}

export function relationsOf(picture: Picture, selection: Selection, side: Side): Relations {
  const relations: Relations = { rows: new Map(), boxes: new Set(), lines: new Map() };
  const selected = selectedRows(picture, selection, side);
  const chosen = selection.kind === "call" ? picture.lines.find((line) => line.id === selection.id) : undefined;
  const mark = (id: string, role: "caller" | "callee") => {
    const now = relations.rows.get(id);
    if (now === "selected") return;
    relations.rows.set(id, now === undefined || now === role ? role : "both");
  };
  for (const id of selected) relations.rows.set(id, "selected");
  if (chosen) {
    relations.lines.set(chosen.id, "selected");
    for (const id of endRows(picture, chosen, "from")) mark(id, "caller");
    for (const id of endRows(picture, chosen, "to")) mark(id, "callee");
  } else {
    for (const line of picture.lines) {
      if (!lineLook(line, side).present) continue;
      const from = endRows(picture, line, "from").some((id) => selected.has(id));
      const to = endRows(picture, line, "to").some((id) => selected.has(id));
      if (from && to) relations.lines.set(line.id, "selected");
      else if (from) {
        relations.lines.set(line.id, "out");
        for (const id of endRows(picture, line, "to")) mark(id, "callee");
      } else if (to) {
        relations.lines.set(line.id, "in");
        for (const id of endRows(picture, line, "from")) mark(id, "caller");
      }
    }
  }
  for (const box of picture.boxes) if (holds(picture, box.root, box.collapsed, side, relations)) relations.boxes.add(box.id);
  return relations;
}

/** A collapsed stack stands in lines for its rows; it is marked by its own id. */
function endRows(picture: Picture, line: LineItem, end: "from" | "to"): string[] {
  const id = line[end];
  if (id !== "") return [id];
  // A clone chip: the callee's row elsewhere is the nearest thing to mark.
  const callee = line.links[0]?.callee;
  return end === "to" && callee !== undefined ? picture.rows.filter((row) => row.task.name === callee).map((row) => row.id) : [];
}

function selectedRows(picture: Picture, selection: Selection, side: Side): Set<string> {
  if (selection.kind === "call") return new Set();
  if (selection.kind === "task") {
    const rows = picture.rows.filter((row) => row.id === selection.id || row.task.name === selection.id).map((row) => row.id);
    return new Set(rows);
  }
  const rows = picture.rows.filter((row) => row.placement.home[side] === selection.id).map((row) => row.id);
  const collapsed = picture.boxes.some((box) => box.root === selection.id && box.collapsed);
  return new Set(collapsed ? [...rows, selection.id] : rows);
}

function holds(picture: Picture, root: string, collapsed: boolean, side: Side, relations: Relations): boolean {
  if (collapsed) return relations.rows.has(root);
  return picture.rows.some((row) => row.placement.home[side] === root && relations.rows.has(row.id));
}
