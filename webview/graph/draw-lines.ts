/** Calls as lines with arrowheads, and a wider invisible line to point at. */
import { select } from "d3-selection";
import { t } from "../words.ts";
import type { DrawContext, Layers } from "./draw.ts";
import { lineLook, type LineItem } from "./picture.ts";
import { arrow, dashes, roundedPath } from "./paths.ts";
import { linkText } from "./scene.ts";

export function drawLines(layers: Layers, { picture, side, duration }: DrawContext): void {
  // What is paid twice lies above the rest where lines meet.
  const sorted = picture.lines.toSorted((a, b) => Number(lineLook(a, side).twice) - Number(lineLook(b, side).twice));
  layers.lines
    .selectAll<SVGGElement, LineItem>("g.line")
    .data(sorted, (each) => each.id)
    .join((enter) => {
      const group = enter.append("g").attr("data-line", (each) => each.id);
      group.append("path").attr("class", "reach");
      group.append("path").attr("class", "stroke");
      group.append("path").attr("class", "head");
      group.append("title");
      return group;
    })
    .order()
    .each(function fill(this: SVGGElement, each) {
      const look = lineLook(each, side);
      const group = select(this);
      group.attr(
        "class",
        [
          "line",
          look.kind,
          look.inlined ? "inlined" : "remote",
          look.twice ? "twice" : "",
          look.present ? "" : "absent",
          look.evidence ?? "",
        ]
          .filter(Boolean)
          .join(" "),
      );
      const path = roundedPath(each.points);
      const stroke = group.select<SVGPathElement>(".stroke");
      const former = group.select(".reach").attr("d");
      const moved = former !== null && former !== path;
      group.selectAll(".reach, .stroke").attr("d", path);
      stroke
        .attr("stroke-dashoffset", null)
        .attr("stroke-dasharray", look.kind === "async" ? dashes(each.points, look.inlined ? 4 : 7, look.inlined ? 3 : 4) : null);
      (duration > 0 ? (stroke.transition("width").duration(duration) as unknown as typeof stroke) : stroke).attr(
        "stroke-width",
        look.width,
      );
      const [x, y] = each.points.at(-1) ?? [0, 0];
      group
        .select(".head")
        .attr("d", arrow(look.kind, look.inlined ? 5 : 6 + look.width * 0.6))
        .attr("transform", `translate(${x - (look.kind === "sync" ? 0 : 0.5)},${y})`);
      group
        .select("title")
        .text(
          each.links
            .map(
              (link) =>
                `${link.caller} → ${link.callee}\n${linkText(link)}${look.twice ? `\n${t("The caller waits and is billed meanwhile.")}` : ""}`,
            )
            .join("\n"),
        );
      // Lines cannot morph when their shape changes; they come in when their ends have arrived.
      if (moved && duration > 0) group.attr("opacity", 0).transition("appear").delay(duration).duration(120).attr("opacity", 1);
    });
}
