/** Zoom and pan: wheel zooms to the pointer, dragging pans; the viewport survives everything but a fit. */
import { select } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform, type D3ZoomEvent } from "d3-zoom";
import "d3-transition";
import { reducedMotion } from "../dom.ts";

export interface Viewport {
  k: number;
  x: number;
  y: number;
}

export interface Extent {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Camera {
  readonly viewport: Viewport;
  /** A person looks elsewhere, not by a gesture on the picture itself: kept as a gesture is. */
  lookAt(viewport: Viewport): void;
  set(viewport: Viewport, animate?: boolean): void;
  /**
   * Shows all of it, never larger than life. With `around`, never so small that nothing can be read: what does not fit then
   * lies outside, and `around` stands at the left.
   */
  fit(extent: Extent, animate?: boolean, around?: Extent): void;
  zoomBy(factor: number): void;
  panBy(dx: number, dy: number): void;
  /** Moves only as far as needed for this to be visible. */
  show(extent: Extent): void;
}

const SMALLEST = 0.05;
const LARGEST = 4;
/** Scale at which names can still be read. */
const READABLE = 0.55;
const MARGIN = 24;
const TIME = 200;

export function createCamera(
  svg: SVGSVGElement,
  onMove: (viewport: Viewport, byPerson: boolean) => void,
  free: () => { width: number; height: number },
): Camera {
  const target = select(svg);
  const behaviour = zoom<SVGSVGElement, unknown>()
    .scaleExtent([SMALLEST, LARGEST])
    .on("zoom", (event: D3ZoomEvent<SVGSVGElement, unknown>) => onMove(event.transform, event.sourceEvent !== null));
  target.call(behaviour).on("dblclick.zoom", null);
  const current = () => zoomTransform(svg);
  const asked = () => onMove(current(), true);
  const go = (viewport: Viewport, animate: boolean, byPerson = false) => {
    const transform = zoomIdentity.translate(viewport.x, viewport.y).scale(viewport.k);
    if (animate && !reducedMotion()) {
      const transition = target.transition("camera").duration(TIME);
      if (byPerson) transition.on("end.person", asked);
      behaviour.transform(transition, transform);
      return;
    }
    behaviour.transform(target.interrupt("camera"), transform);
    if (byPerson) asked();
  };
  return {
    get viewport() {
      const { k, x, y } = current();
      return { k, x, y };
    },
    lookAt: (viewport) => go(viewport, false, true),
    set: (viewport, animate = false) => go(viewport, animate),
    fit(extent, animate = false, around?: Extent) {
      const { width, height } = free();
      if (extent.width <= 0 || extent.height <= 0 || width <= 0 || height <= 0) return;
      const whole = Math.max(SMALLEST, Math.min(1, (width - 2 * MARGIN) / extent.width, (height - 2 * MARGIN) / extent.height));
      const k = around ? Math.max(whole, READABLE) : whole;
      const centre = (start: number, size: number, room: number) => (room - size * k) / 2 - start * k;
      const tooWide = extent.width * k > width;
      const tooHigh = extent.height * k > height;
      const x = around && tooWide ? MARGIN - around.x * k : centre(extent.x, extent.width, width);
      const y = around && tooHigh ? centre(around.y, around.height, height) : centre(extent.y, extent.height, height);
      go({ k, x, y }, animate);
    },
    zoomBy(factor) {
      behaviour.scaleBy(target, factor);
      asked();
    },
    panBy(dx, dy) {
      behaviour.translateBy(target, dx / current().k, dy / current().k);
      asked();
    },
    show(extent) {
      const { k, x, y } = current();
      const { width, height } = free();
      const shift = (start: number, size: number, room: number) => {
        if (start < MARGIN) return MARGIN - start;
        return start + size > room - MARGIN ? Math.max(MARGIN - start, room - MARGIN - start - size) : 0;
      };
      const dx = shift(extent.x * k + x, extent.width * k, width);
      const dy = shift(extent.y * k + y, extent.height * k, height);
      if (dx !== 0 || dy !== 0) go({ k, x: x + dx, y: y + dy }, true, true);
    },
  };
}
