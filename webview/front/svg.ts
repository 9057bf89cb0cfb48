/** The front as a file of its own, light or dark as the reader's page is. For reports and documentation. */
import type { FrontPointView } from "../protocol.ts";
import { shape, toMarkup } from "../shapes.ts";
import { plotFront, type PlotSize } from "./plot.ts";

const STYLE = `
svg { --text: #3b3b3b; --muted: #616161; --grid: #e5e5e5; --front: #0063d3; --paper: #ffffff; font: 11px system-ui, sans-serif; background: var(--paper); }
@media (prefers-color-scheme: dark) { svg { --text: #cccccc; --muted: #9d9d9d; --grid: #2b2b2b; --front: #59a4f9; --paper: #1f1f1f; } }
text { fill: var(--muted); } .pick { fill: var(--text); } .title { fill: var(--text); }
.grid { stroke: var(--grid); } .axis { fill: none; stroke: var(--muted); } .reach { fill: none; }
.front-line { fill: none; stroke: var(--front); stroke-width: 1.5; }
.dot { fill: var(--paper); stroke: var(--front); stroke-width: 1.5; } .measured .dot { fill: var(--front); }
.dominated .dot { stroke: var(--muted); stroke-width: 1; opacity: .6; } .dominated.measured .dot { fill: var(--muted); }
.interval { fill: none; stroke: var(--muted); } .ring { fill: none; stroke: var(--text); stroke-width: 1.5; }
`;

/** @param size px */
export function frontSvg(points: readonly FrontPointView[], size: PlotSize): string {
  const { shape: figure } = plotFront(points, size);
  const attributes = { xmlns: "http://www.w3.org/2000/svg", ...figure.attributes, role: "img" };
  return `${toMarkup({ ...figure, attributes, children: [shape("style", {}, STYLE), ...(figure.children ?? [])] }).replaceAll(/ (?:role="button"|tabindex="-1"|aria-pressed="[a-z]+")/g, "")}\n`;
}
