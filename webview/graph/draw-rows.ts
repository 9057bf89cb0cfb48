/** Tasks as rows. */
import { select } from "d3-selection";
import { milliseconds } from "../format.ts";
import type { TaskView } from "../protocol.ts";
import { t } from "../words.ts";
import type { DrawContext, Layers } from "./draw.ts";
import { move } from "./draw-boxes.ts";
import { fitText, SIZE } from "./measure.ts";
import { describeTask, type RowItem } from "./picture.ts";
import { moveText } from "./scene.ts";

export function drawRows(layers: Layers, context: DrawContext): void {
  const { picture, side, scene, duration } = context;
  const busiest = Math.max(1e-9, ...picture.rows.map(({ task }) => (task.ownCpuMs ?? 0) + (task.ownWaitMs ?? 0)));
  const heat = heatScale(context);
  const rows = layers.nodes
    .selectAll<SVGGElement, RowItem>("g.row")
    .data(picture.rows, (each) => each.id)
    .join("g")
    .attr("class", (each) => `row stop${each.placement.home[side] === each.task.name ? " root" : ""}`)
    .attr("data-key", (each) => `row ${each.id}`)
    .attr("data-task", (each) => each.task.name)
    .attr("role", "button")
    .attr("aria-label", (each) => describeTask(each, side, scene));
  rows.each(function fill(this: SVGGElement, each) {
    const group = select(this);
    move(group, each.x, each.y, duration);
    group.selectAll("*").remove();
    group.append("rect").attr("class", "body").attr("width", each.width).attr("height", each.height).attr("rx", 4);
    const warm = heat(each.task);
    if (warm > 0) {
      group
        .append("rect")
        .attr("class", "heat")
        .attr("width", each.width)
        .attr("height", each.height)
        .attr("rx", 4)
        .attr("fill-opacity", warm);
    }
    fillRow(group, each, context, busiest);
  });
  // Reading order of the picture is also the order in the document.
  layers.nodes
    .selectAll<SVGGElement, RowItem>("g.stop")
    .sort((a, b) => position(a, side)[0] - position(b, side)[0] || position(a, side)[1] - position(b, side)[1]);
}

function position(item: RowItem | { headerY: object; content: { x: number } }, side: "before" | "after"): [number, number] {
  if ("task" in item) return [item.x, item.y];
  const tops = item.headerY as Partial<Record<"before" | "after", number>>;
  return [item.content.x, tops[side] ?? tops.before ?? tops.after ?? 0];
}

function fillRow(
  group: ReturnType<typeof select<SVGGElement, unknown>>,
  each: RowItem,
  context: DrawContext,
  busiest: number,
): void {
  const { side, measure, comparing } = context;
  const { task } = each;
  const middle = SIZE.row / 2;
  group
    .append("use")
    .attr("class", task.entry ? "glyph entry" : "glyph")
    .attr("href", task.entry ? "#icon-entry" : "#icon-task")
    .attr("x", 7)
    .attr("y", middle - 7)
    .attr("width", 14)
    .attr("height", 14);
  let right = each.width - 8;
  if (task.ownCpuMs !== undefined || task.ownWaitMs !== undefined) {
    const cpu = ((task.ownCpuMs ?? 0) / busiest) * SIZE.bars;
    const wait = ((task.ownWaitMs ?? 0) / busiest) * SIZE.bars;
    const left = right - SIZE.bars;
    group
      .append("rect")
      .attr("class", "load-track")
      .attr("x", left)
      .attr("y", middle - 3)
      .attr("width", SIZE.bars)
      .attr("height", 6);
    if (cpu > 0)
      group
        .append("rect")
        .attr("class", "load cpu")
        .attr("x", left)
        .attr("y", middle - 3)
        .attr("width", Math.max(1, cpu))
        .attr("height", 6);
    if (wait > 0)
      group
        .append("rect")
        .attr("class", "load wait")
        .attr("x", left + cpu)
        .attr("y", middle - 3)
        .attr("width", Math.max(1, wait))
        .attr("height", 6)
        .attr("fill", "url(#hatch)");
    right = left - 10;
  }
  if (task.constraints?.length) {
    right -= 12;
    group
      .append("use")
      .attr("class", "glyph lock")
      .attr("href", "#icon-lock")
      .attr("x", right)
      .attr("y", middle - 6)
      .attr("width", 12)
      .attr("height", 12);
    right -= 6;
  }
  const chip = comparing ? moveText(each.placement, side) : "";
  if (chip) {
    const wide = Math.min(measure(chip, "metric") + 12, each.width * 0.5);
    right -= wide;
    const node = group
      .append("g")
      .attr("class", "move")
      .attr("transform", `translate(${right},${middle - 9})`);
    node.append("rect").attr("width", wide).attr("height", 18).attr("rx", 9);
    node
      .append("text")
      .attr("class", "metric")
      .attr("x", wide / 2)
      .attr("y", 13)
      .attr("text-anchor", "middle")
      .text(fitText(chip, wide - 8, "metric", measure));
    right -= 6;
  }
  const font = each.placement.home[side] === task.name ? "strong" : "name";
  group
    .append("text")
    .attr("class", "name")
    .attr("x", 26)
    .attr("y", middle + 4.5)
    .text(fitText(task.name, right - 26, font, measure));
  group.append("title").text(tooltip(task));
}

function tooltip(task: TaskView): string {
  const lines = [task.name, `${task.file}:${task.line}`];
  if (task.p50Ms !== undefined) lines.push(`p50 ${milliseconds(task.p50Ms, task.samples)}`);
  if (task.ownCpuMs !== undefined) lines.push(t("own CPU {0}", milliseconds(task.ownCpuMs)));
  if (task.ownWaitMs !== undefined) lines.push(t("own waiting {0}", milliseconds(task.ownWaitMs)));
  for (const each of task.constraints ?? []) lines.push(each);
  return lines.join("\n");
}

/** 0 to 0.5 by how much a task stands out in what the picture is coloured by. */
function heatScale({ colour, picture, side, scene }: DrawContext): (task: TaskView) => number {
  if (colour === "none") return () => 0;
  const amount = (task: TaskView): number => {
    if (colour === "latency") return task.p50Ms ?? 0;
    if (colour === "errors") return task.errors ?? 0;
    return scene.homes[side].functions.get(scene.homes[side].home(task.name))?.costShare ?? 0;
  };
  const most = Math.max(1e-9, ...picture.rows.map((row) => amount(row.task)));
  return (task) => (amount(task) / most) * 0.5;
}
