/** Functions: outlines of both setups, and headers with numbers. */
import { select } from "d3-selection";
import { dollars, memory, milliseconds, percent } from "../format.ts";
import type { FunctionView } from "../protocol.ts";
import { t } from "../words.ts";
import type { DrawContext, Layers } from "./draw.ts";
import { shownFunction } from "./draw.ts";
import { fitText, SIZE } from "./measure.ts";
import type { BoxItem } from "./picture.ts";
import { coldText, headerText, metricsText, tasksText } from "./scene.ts";
import type { Rect } from "./stack.ts";

export function drawBoxes(layers: Layers, context: DrawContext): void {
  const { picture, side, duration } = context;
  const other = side === "before" ? "after" : "before";
  const boxes = layers.boxes
    .selectAll<SVGGElement, BoxItem>("g.box")
    .data(picture.boxes, (each) => each.id)
    .join(
      (enter) => {
        const group = enter.append("g").attr("class", "box");
        group.append("rect").attr("class", "ghost");
        group.append("rect").attr("class", "outline");
        return group;
      },
      (update) => update,
      (exit) => exit.remove(),
    );
  boxes.order();
  boxes.classed("absent", (each) => !each.rects[side]);
  boxes.each(function place(this: SVGGElement, each) {
    const rect = each.rects[side] ?? each.rects[other];
    const ghost = each.rects[other];
    const differs = ghost !== undefined && JSON.stringify(ghost) !== JSON.stringify(each.rects[side]);
    const group = select(this);
    morph(group.select<SVGRectElement>(".outline"), each.rects[side] ?? rect, each.rects[side] ? 1 : 0, duration);
    morph(group.select<SVGRectElement>(".ghost"), ghost ?? rect, differs ? 1 : 0, duration);
  });
  drawHeaders(layers, context);
}

function morph(
  target: ReturnType<typeof select<SVGRectElement, unknown>>,
  rect: Rect | undefined,
  opacity: number,
  duration: number,
): void {
  if (!rect) return;
  const fresh = target.attr("width") === null;
  const at = fresh || duration === 0 ? target.interrupt() : target.transition().duration(duration);
  const set = at as typeof target;
  set.attr("x", rect.x).attr("y", rect.y).attr("width", rect.width).attr("height", rect.height).attr("opacity", opacity);
  target.attr("rx", 6);
}

function drawHeaders(layers: Layers, context: DrawContext): void {
  const { picture, side, scene, measure, duration } = context;
  const other = side === "before" ? "after" : "before";
  const headers = layers.nodes
    .selectAll<SVGGElement, BoxItem>("g.header")
    .data(picture.boxes, (each) => each.id)
    .join("g")
    .attr("class", (each) => `header stop${each.collapsed ? " collapsed" : ""}`)
    .classed("absent", (each) => !each.rects[side])
    .attr("data-key", (each) => `box ${each.id}`)
    .attr("data-function", (each) => each.root)
    .attr("role", (each) => (each.rects[side] && each.piece === 0 ? "button" : null))
    .attr("aria-hidden", (each) => (each.rects[side] && each.piece === 0 ? null : "true"))
    .attr("aria-label", (each) => describeFunction(each, context));
  headers.each(function fill(this: SVGGElement, each) {
    const top = each.headerY[side] ?? each.headerY[other];
    const view = shownFunction(each.functions, side);
    if (top === undefined || !view) return;
    const group = select(this);
    const present = each.rects[side] !== undefined;
    const { x, width } = each.content;
    group.selectAll("*").remove();
    move(group, x, top, duration);
    group
      .append("rect")
      .attr("class", "target")
      .attr("x", -4)
      .attr("y", 2)
      .attr("width", width + 8)
      .attr("height", SIZE.header - 6)
      .attr("rx", 4);
    const baseline = 19;
    let right = width;
    const samples = scene.tasks.get(each.root)?.samples;
    if (present && each.piece === 0) {
      const idle = standsBy(view, context);
      const cost = idle ? t("standby") : view.costPerMillion === undefined ? "" : dollars(view.costPerMillion);
      if (cost) {
        group
          .append("text")
          .attr("class", "metric cost")
          .attr("x", right)
          .attr("y", baseline)
          .attr("text-anchor", "end")
          .text(cost);
        right -= measure(cost, "metric") + 10;
      }
      const p50 = metricsText({ ...view, costPerMillion: undefined }, samples);
      if (p50) {
        group.append("text").attr("class", "metric").attr("x", right).attr("y", baseline).attr("text-anchor", "end").text(p50);
        right -= measure(p50, "metric") + 10;
      }
      const cold = coldText(view);
      if (cold) {
        right -= measure(cold, "metric");
        group.append("text").attr("class", "metric cold").attr("x", right).attr("y", baseline).text(cold);
        right -= 14;
        group
          .append("use")
          .attr("class", "glyph cold")
          .attr("href", "#icon-snowflake")
          .attr("x", right)
          .attr("y", 9)
          .attr("width", 12)
          .attr("height", 12);
        right -= 8;
      }
      drawShare(group, view.costShare, width, each.collapsed);
    }
    const text = each.collapsed && view.tasks.length > 1 ? headerText(view) + tasksText(view) : headerText(view);
    group
      .append("text")
      .attr("class", "title")
      .attr("x", 0)
      .attr("y", baseline)
      .text(fitText(text, right, "header", measure));
    group
      .append("title")
      .text(`${text}${present ? "" : ` (${side === "before" ? t("after the change") : t("before the change")})`}`);
  });
  drawClones(layers, context);
}

/** Whether every call to the function's task is inlined elsewhere, so that it only waits for what cannot be. */
function standsBy(view: FunctionView, { scene, side }: DrawContext): boolean {
  const task = scene.tasks.get(view.root);
  if (!task || task.entry || (view.costPerMillion ?? 0) >= 0.005) return false;
  const links = [...scene.links.values()].filter((link) => link.callee === view.root && link.mode[side] !== undefined);
  return links.length > 0 && links.every((link) => link.mode[side] === "inlined" && "cloneIn" in link.to);
}

function drawShare(
  group: ReturnType<typeof select<SVGGElement, unknown>>,
  share: number | undefined,
  width: number,
  collapsed: boolean,
): void {
  if (share === undefined) return;
  const y = collapsed ? SIZE.header - 5 : SIZE.header - 4;
  group
    .append("rect")
    .attr("class", "share-track")
    .attr("x", 0)
    .attr("y", y)
    .attr("width", width)
    .attr("height", 2)
    .attr("rx", 1);
  group
    .append("rect")
    .attr("class", "share")
    .attr("x", 0)
    .attr("y", y)
    .attr("width", Math.max(1, width * share))
    .attr("height", 2)
    .attr("rx", 1);
}

interface ChipItem extends Rect {
  key: string;
  task: string;
  root: string;
}

function drawClones(layers: Layers, { picture, side, measure }: DrawContext): void {
  const items = picture.boxes.flatMap((box) =>
    (box.clones[side] ?? []).map((chip): ChipItem => ({ ...chip, root: box.root, key: `${box.id} ${chip.task}` })),
  );
  layers.nodes
    .selectAll<SVGGElement, ChipItem>("g.clone")
    .data(items, (each) => each.key)
    .join("g")
    .attr("class", "clone")
    .attr("data-task", (each) => each.task)
    .attr("data-function", (each) => each.root)
    .attr("transform", (each) => `translate(${each.x},${each.y})`)
    .each(function fill(this: SVGGElement, each) {
      const group = select(this);
      group.selectAll("*").remove();
      group.append("rect").attr("width", each.width).attr("height", each.height).attr("rx", 4);
      group
        .append("use")
        .attr("class", "glyph")
        .attr("href", "#icon-clone")
        .attr("x", 5)
        .attr("y", 4)
        .attr("width", 12)
        .attr("height", 12);
      group
        .append("text")
        .attr("class", "metric")
        .attr("x", 21)
        .attr("y", 14)
        .text(fitText(each.task, each.width - 26, "metric", measure));
      group.append("title").text(t("{0} also runs inside {1}", each.task, each.root));
    });
}

export function move(group: ReturnType<typeof select<SVGGElement, unknown>>, x: number, y: number, duration: number): void {
  const to = `translate(${x},${y})`;
  const from = group.attr("transform");
  if (from === null || duration === 0) group.interrupt("move").attr("transform", to);
  else if (from !== to) group.transition("move").duration(duration).attr("transform", to);
}

function describeFunction(each: BoxItem, { side }: DrawContext): string {
  const view = each.functions[side];
  if (!view) return each.root;
  const parts = [t("Function {0}", view.root)];
  if (view.memory > 0) parts.push(memory(view.memory));
  parts.push(view.tasks.length === 1 ? t("1 task") : t("{0} tasks", view.tasks.length));
  if (view.p50Ms !== undefined) parts.push(`p50 ${milliseconds(view.p50Ms)}`);
  if (view.costPerMillion !== undefined) parts.push(t("{0} per million requests", dollars(view.costPerMillion)));
  if (view.coldShare) parts.push(t("{0} cold starts", percent(view.coldShare)));
  if (view.instances !== undefined) parts.push(t("{0} of {1} instances busy", view.busy ?? 0, view.instances));
  return parts.join(", ");
}
