/** Symbols and patterns that the picture refers to, defined once per SVG so that exports carry them along. */
import type { Selection as Selected } from "d3-selection";
import { iconPath, type IconName } from "../icons.ts";

const USED: IconName[] = ["entry", "task", "lock", "snowflake", "chevronRight", "chevronDown", "clone"];

export function icons(svg: Selected<SVGSVGElement, unknown, null, undefined>): void {
  const defs = svg.append("defs");
  for (const name of USED) {
    defs
      .append("symbol")
      .attr("id", `icon-${name}`)
      .attr("viewBox", "0 0 16 16")
      .append("path")
      .attr("fill-rule", "evenodd")
      .attr("d", iconPath(name));
  }
  // Waiting is hatched, so that it differs from CPU by more than colour.
  const hatch = defs
    .append("pattern")
    .attr("id", "hatch")
    .attr("patternUnits", "userSpaceOnUse")
    .attr("width", 4)
    .attr("height", 4);
  hatch.append("path").attr("class", "hatch").attr("d", "M-1,1L1,-1M0,4L4,0M3,5L5,3");
}
