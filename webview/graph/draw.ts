/** Draws a picture into SVG. Elements keep their identity, so that what changes moves and what stays is left alone. */
import { select, type Selection as Selected } from "d3-selection";
import "d3-transition";
import type { FunctionView } from "../protocol.ts";
import { reducedMotion } from "../dom.ts";
import { icons } from "./glyphs.ts";
import { drawBoxes } from "./draw-boxes.ts";
import { drawLines } from "./draw-lines.ts";
import { drawRows } from "./draw-rows.ts";
import type { Measure } from "./measure.ts";
import type { Picture } from "./picture.ts";
import type { Side } from "./refinement.ts";
import type { Scene } from "./scene.ts";
import type { Colour } from "../view-state.ts";

export type Layer = Selected<SVGGElement, unknown, null, undefined>;

export interface Layers {
  root: Layer;
  boxes: Layer;
  lines: Layer;
  nodes: Layer;
  labels: Layer;
}

export interface DrawContext {
  scene: Scene;
  picture: Picture;
  side: Side;
  comparing: boolean;
  colour: Colour;
  measure: Measure;
  /** ms; 0 under reduced motion. */
  duration: number;
}

export function layersIn(svg: SVGSVGElement): Layers {
  const root = select(svg).append("g").attr("class", "scene");
  icons(select(svg));
  const layer = (name: string): Layer => root.append("g").attr("class", name);
  return {
    root,
    boxes: layer("boxes").attr("aria-hidden", "true"),
    lines: layer("lines").attr("aria-hidden", "true"),
    nodes: layer("nodes"),
    labels: layer("labels").attr("aria-hidden", "true"),
  };
}

/** Motion, as a time in ms. */
export const motion = (animate: boolean): number => (animate && !reducedMotion() ? 240 : 0);

export function drawPicture(layers: Layers, context: DrawContext): void {
  drawBoxes(layers, context);
  drawLines(layers, context);
  drawRows(layers, context);
}

/** The function that counts for a box now: under the setup shown, else (as a ghost) under the other. */
export function shownFunction(functions: Partial<Record<Side, FunctionView>>, side: Side): FunctionView | undefined {
  return functions[side] ?? functions[side === "before" ? "after" : "before"];
}
