/** What happens while the app runs: a count of invocations per function, cold starts apart, and a short pulse. */
import { select } from "d3-selection";
import { reducedMotion } from "../dom.ts";
import type { ToWebview } from "../protocol.ts";
import { t } from "../words.ts";
import type { Layers } from "./draw.ts";
import { milliseconds } from "../format.ts";
import type { BoxItem, LineItem, Picture } from "./picture.ts";
import { textWidth } from "./text-width.ts";

type LiveMessage = Extract<ToWebview, { type: "live" }>;

export interface Live {
  receive(message: LiveMessage): void;
  /** Forgets all counts: another run began. */
  reset(): void;
  redraw(): void;
}

interface Count {
  invocations: number;
  cold: number;
  total: number;
  busy: number;
  /** ms, of the last finished invocation. */
  lastMs: number;
}

/** ms that a dot takes along a call, and points it is led through. */
const DOT_MS = 300;
const DOT_STEPS = 12;

/** A pulse is drawn at most this often, ms: faster is flicker, not information. */
const PULSE_EVERY = 100;

export function createLive(layers: Layers, picture: () => Picture | undefined): Live {
  const counts = new Map<string, Count>();
  const pulsing = new Map<string, boolean>();
  const measure = textWidth();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const of = (root: string): Count => {
    const known = counts.get(root);
    if (known) return known;
    const fresh = { invocations: 0, cold: 0, total: 0, busy: 0, lastMs: 0 };
    counts.set(root, fresh);
    return fresh;
  };

  function frame(): void {
    timer = undefined;
    redraw();
    if (!reducedMotion()) {
      layers.boxes.selectAll<SVGGElement, BoxItem>("g.box").each(function pulse(this: SVGGElement, box) {
        const cold = pulsing.get(box.root);
        if (cold === undefined) return;
        const outline = this.querySelector(".outline");
        const colour = getComputedStyle(document.body)
          .getPropertyValue(cold ? "--vscode-charts-blue" : "--vscode-charts-green")
          .trim();
        const rest = outline ? getComputedStyle(outline).stroke : "";
        outline?.animate(
          [
            { stroke: colour || rest, strokeWidth: "2.5px" },
            { stroke: rest, strokeWidth: "1px" },
          ],
          { duration: 300, easing: "ease-out" },
        );
      });
    }
    if (!reducedMotion()) travel();
    pulsing.clear();
  }

  /** A dot along each remote call between two functions that were at work. */
  function travel(): void {
    const homes = new Map(picture()?.rows.map((row) => [row.task.name, row.placement.home.before]));
    const home = (task: string) => homes.get(task) ?? task;
    const active = (root: string) => pulsing.has(root) || of(root).busy > 0;
    layers.lines.selectAll<SVGGElement, LineItem>("g.line.remote").each(function send(this: SVGGElement, line) {
      const link = line.links.find(({ caller, callee }) => pulsing.has(home(callee)) && active(home(caller)));
      const path = this.querySelector<SVGPathElement>(".stroke");
      if (!link || !path || this.querySelector(".dot")) return;
      const length = path.getTotalLength();
      const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
      dot.setAttribute("r", "3.5");
      dot.setAttribute("class", pulsing.get(home(link.callee)) ? "dot cold" : "dot");
      this.append(dot);
      const frames = Array.from({ length: DOT_STEPS + 1 }, (_, step) => path.getPointAtLength((length * step) / DOT_STEPS));
      const moves = frames.map(({ x, y }) => ({ transform: `translate(${x}px, ${y}px)` }));
      dot.animate(moves, { duration: DOT_MS, easing: "linear" }).finished.then(
        () => dot.remove(),
        () => dot.remove(),
      );
    });
  }

  function redraw(): void {
    const boxes = (picture()?.boxes ?? []).filter(
      (box) => box.piece === 0 && box.rects.before && (of(box.root).invocations > 0 || of(box.root).total > 0),
    );
    layers.nodes
      .selectAll<SVGGElement, BoxItem>("g.live")
      .data(boxes, (box) => box.id)
      .join("g")
      .attr("class", (box) => `live${of(box.root).busy > 0 ? " busy" : ""}`)
      .attr("aria-hidden", "true")
      .each(function fill(this: SVGGElement, box) {
        const rect = box.rects.before;
        if (!rect) return;
        const { invocations, cold, total, busy, lastMs } = of(box.root);
        const text = [invocations, total > 0 ? `${busy}/${total}` : "", lastMs > 0 ? milliseconds(lastMs) : ""]
          .filter((each) => each !== "")
          .join(" · ");
        const extra = cold > 0 ? String(cold) : "";
        const wide = 20 + measure(text, "metric") + (extra ? 18 + measure(extra, "metric") : 0);
        const group = select(this).attr("transform", `translate(${rect.x + rect.width - wide - 8},${rect.y - 9})`);
        group.selectAll("*").remove();
        group.append("rect").attr("width", wide).attr("height", 18).attr("rx", 9);
        group.append("circle").attr("cx", 9).attr("cy", 9).attr("r", 3);
        group.append("text").attr("class", "metric").attr("x", 15).attr("y", 13).text(text);
        if (extra) {
          const at = 19 + measure(text, "metric");
          group
            .append("use")
            .attr("class", "glyph cold")
            .attr("href", "#icon-snowflake")
            .attr("x", at)
            .attr("y", 4)
            .attr("width", 10)
            .attr("height", 10);
          group
            .append("text")
            .attr("class", "metric")
            .attr("x", at + 12)
            .attr("y", 13)
            .text(extra);
        }
        group
          .append("title")
          .text(
            [
              t("{0} invocations, {1} cold; {2} of {3} instances busy", invocations, cold, busy, total),
              ...(lastMs > 0 ? [t("last one {0}", milliseconds(lastMs))] : []),
            ].join("; "),
          );
      });
  }

  return {
    receive({ invocations, instances }) {
      for (const each of instances) Object.assign(of(each.function), { total: each.total, busy: each.busy });
      for (const each of invocations) {
        const count = of(each.function);
        count.invocations += 1;
        if (each.cold) count.cold += 1;
        if (each.durationMs > 0) count.lastMs = each.durationMs;
        pulsing.set(each.function, each.cold || (pulsing.get(each.function) ?? false));
      }
      timer ??= setTimeout(frame, PULSE_EVERY);
    },
    reset() {
      counts.clear();
      redraw();
    },
    redraw,
  };
}
