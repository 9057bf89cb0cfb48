/** Fades what does not belong to the selection, and colours callers, callees and the calls between. */
import { select } from "d3-selection";
import type { Selection } from "../view-state.ts";
import type { Layers } from "./draw.ts";
import { fitText, type Measure } from "./measure.ts";
import { labelPoint } from "./paths.ts";
import { lineLook, type BoxItem, type LineItem, type Picture, type RowItem } from "./picture.ts";
import type { Side } from "./refinement.ts";
import { relationsOf } from "./relations.ts";
import { shortLinkText } from "./scene.ts";
import type { Rect } from "./stack.ts";

const ROLES = ["selected", "caller", "callee", "both"] as const;
const ENDS = ["in", "out", "selected"] as const;

export function highlight(
  layers: Layers,
  picture: Picture,
  side: Side,
  selection: Selection | undefined,
  hovered: string | undefined,
  measure: Measure,
): void {
  const relations = selection ? relationsOf(picture, selection, side) : undefined;
  layers.root.classed("selecting", relations !== undefined);
  layers.nodes.selectAll<SVGGElement, RowItem>("g.row").each(function mark(this: SVGGElement, each) {
    const role = relations?.rows.get(each.id);
    for (const name of ROLES) this.classList.toggle(name, role === name);
    this.classList.toggle("faded", relations !== undefined && role === undefined);
    this.setAttribute("aria-pressed", String(role === "selected"));
  });
  layers.nodes.selectAll<SVGGElement, BoxItem>("g.header").each(function mark(this: SVGGElement, each) {
    const own = selection?.kind === "function" && selection.id === each.root;
    const role = each.collapsed ? relations?.rows.get(each.root) : undefined;
    for (const name of ROLES) this.classList.toggle(name, own ? name === "selected" : role === name);
    this.classList.toggle("faded", relations !== undefined && !relations.boxes.has(each.id));
    if (this.getAttribute("role") === "button") this.setAttribute("aria-pressed", String(own));
  });
  layers.boxes.selectAll<SVGGElement, BoxItem>("g.box").each(function mark(this: SVGGElement, each) {
    this.classList.toggle("selected", selection?.kind === "function" && selection.id === each.root);
    this.classList.toggle("faded", relations !== undefined && !relations.boxes.has(each.id));
  });
  layers.nodes.selectAll<SVGGElement, Rect>("g.clone").classed("faded", relations !== undefined);
  layers.lines.selectAll<SVGGElement, LineItem>("g.line").each(function mark(this: SVGGElement, each) {
    const end = relations?.lines.get(each.id);
    for (const name of ENDS) this.classList.toggle(name, end === name);
    this.classList.toggle("faded", relations !== undefined && end === undefined);
    this.classList.toggle("hovered", each.id === hovered);
  });
  const ends = new Map<LineItem, "start" | "end" | "middle">();
  for (const line of picture.lines) {
    const role = relations?.lines.get(line.id);
    if (!lineLook(line, side).present || (line.id !== hovered && role === undefined)) continue;
    ends.set(line, line.id === hovered || role === "selected" ? "middle" : role === "in" ? "start" : "end");
  }
  drawLabels(layers, ends, side, measure);
}

/** The task that the cursor is in; where its function is closed, the function. */
export function markCursor(layers: Layers, home: string | undefined, task: string | undefined): void {
  layers.nodes.selectAll<SVGGElement, RowItem>("g.row").classed("at-cursor", (each) => each.task.name === task);
  layers.nodes
    .selectAll<SVGGElement, BoxItem>("g.header")
    .classed("at-cursor", (each) => task !== undefined && each.collapsed && each.root === home);
}

interface Label extends Rect {
  id: string;
  text: string;
  twice: boolean;
}

/** More labels than this at once would hide the picture. */
const MOST_LABELS = 24;

function drawLabels(layers: Layers, lines: Map<LineItem, "start" | "end" | "middle">, side: Side, measure: Measure): void {
  const labels: Label[] = [];
  for (const [line, end] of [...lines].slice(0, MOST_LABELS)) {
    const text = fitText(shortLinkText(line.links, end === "middle"), 240, "metric", measure);
    if (text === "") continue;
    const width = measure(text, "metric") + 8;
    const label: Label = { id: line.id, text, twice: lineLook(line, side).twice, ...place(line, end, width), width, height: 18 };
    while (labels.some((other) => overlap(other, label))) label.y += 20;
    labels.push(label);
  }
  layers.labels
    .selectAll<SVGGElement, Label>("g.label")
    .data(labels, (each) => each.id)
    .join("g")
    .attr("class", (each) => `label${each.twice ? " twice" : ""}`)
    .attr("transform", (each) => `translate(${each.x},${each.y})`)
    .each(function fill(this: SVGGElement, each) {
      const group = select(this);
      group.selectAll("*").remove();
      group.append("rect").attr("width", each.width).attr("height", each.height).attr("rx", 4);
      group
        .append("text")
        .attr("class", "metric")
        .attr("x", each.width / 2)
        .attr("y", 13)
        .attr("text-anchor", "middle")
        .text(each.text);
    });
}

/** Between two columns, beside the task at the other end, where nothing else is written. */
function place(line: LineItem, end: "start" | "end" | "middle", width: number): { x: number; y: number } {
  const first = line.points[0] ?? [0, 0];
  const last = line.points.at(-1) ?? first;
  if (line.within) {
    const lane = line.points[1]?.[0] ?? last[0];
    return { x: lane - width - 4, y: (end === "start" ? first[1] : last[1]) - 9 };
  }
  if (end === "middle") {
    const [x, y] = labelPoint(line.points);
    return { x: x - width / 2, y: y - 9 };
  }
  return end === "start" ? { x: first[0] + 10, y: first[1] - 9 } : { x: last[0] - 16 - width, y: last[1] - 9 };
}

const overlap = (a: Rect, b: Rect) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
