/** Where an arrow key leads: right and left along calls, up and down to what stands above and below. Pure. */
import type { Picture } from "./picture.ts";
import { lineLook } from "./picture.ts";
import type { Side } from "./refinement.ts";

export interface Stop {
  /** `row <id>` or `box <id>`. */
  key: string;
  x: number;
  y: number;
}

/** Everything that can have the focus, in reading order: by column, then from top to bottom. */
export function stops(picture: Picture, side: Side): Stop[] {
  const result: Stop[] = [];
  for (const box of picture.boxes) {
    const rect = box.rects[side];
    if (rect && box.piece === 0) result.push({ key: `box ${box.id}`, x: box.content.x, y: rect.y });
  }
  for (const row of picture.rows) result.push({ key: `row ${row.id}`, x: row.x, y: row.y });
  return result.sort((a, b) => a.x - b.x || a.y - b.y);
}

export function nextStop(picture: Picture, side: Side, from: string, key: string): string | undefined {
  const all = stops(picture, side);
  const here = all.find((each) => each.key === from);
  if (key === "Home") return all[0]?.key;
  if (key === "End") return all.at(-1)?.key;
  if (!here) return all[0]?.key;
  if (key === "ArrowRight" || key === "ArrowLeft") {
    return along(picture, side, here, key === "ArrowRight", all) ?? sideways(all, here, key === "ArrowRight" ? 1 : -1);
  }
  if (key === "ArrowDown" || key === "ArrowUp") {
    const way = key === "ArrowDown" ? 1 : -1;
    const column = all.filter((each) => Math.abs(each.x - here.x) < 120 && (each.y - here.y) * way > 0);
    return column.sort((a, b) => (a.y - b.y) * way)[0]?.key;
  }
  return undefined;
}

/** The nearest task at the other end of a call, else nothing. */
function along(picture: Picture, side: Side, here: Stop, forward: boolean, all: Stop[]): string | undefined {
  const ids = here.key.startsWith("row ") ? [here.key.slice(4)] : insideBox(picture, here.key.slice(4), side);
  const ends: string[] = [];
  for (const line of picture.lines) {
    if (!lineLook(line, side).present) continue;
    if (forward && ids.includes(line.from) && line.to !== "" && !ids.includes(line.to)) ends.push(line.to);
    if (!forward && ids.includes(line.to) && !ids.includes(line.from)) ends.push(line.from);
  }
  const reachable = all.filter((each) => ends.some((end) => each.key === `row ${end}` || each.key === `box ${end}#0`));
  return reachable.sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.key;
}

function insideBox(picture: Picture, boxId: string, side: Side): string[] {
  const box = picture.boxes.find((each) => each.id === boxId);
  if (!box) return [];
  return box.collapsed ? [box.root] : picture.rows.filter((row) => row.placement.home[side] === box.root).map((row) => row.id);
}

function sideways(all: Stop[], here: Stop, way: 1 | -1): string | undefined {
  const other = all.filter((each) => (each.x - here.x) * way >= 120);
  return other.sort(
    (a, b) => Math.abs(a.x - here.x) + Math.abs(a.y - here.y) - (Math.abs(b.x - here.x) + Math.abs(b.y - here.y)),
  )[0]?.key;
}
