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
  set(viewport: Viewport, animate?: boolean): void;
  /** Shows all of it, never larger than life. */
  fit(extent: Extent, animate?: boolean): void;
  zoomBy(factor: number): void;
  panBy(dx: number, dy: number): void;
  /** Moves only as far as needed for this to be visible. */
  show(extent: Extent): void;
}

const SMALLEST = 0.05;
const LARGEST = 4;
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
  const go = (viewport: Viewport, animate: boolean) => {
    const transform = zoomIdentity.translate(viewport.x, viewport.y).scale(viewport.k);
    if (animate && !reducedMotion()) target.transition("camera").duration(TIME).call(behaviour.transform, transform);
    else target.interrupt("camera").call(behaviour.transform, transform);
  };
  return {
    get viewport() {
      const { k, x, y } = current();
      return { k, x, y };
    },
    set: (viewport, animate = false) => go(viewport, animate),
    fit(extent, animate = false) {
      const { width, height } = free();
      if (extent.width <= 0 || extent.height <= 0 || width <= 0 || height <= 0) return;
      const k = Math.max(SMALLEST, Math.min(1, (width - 2 * MARGIN) / extent.width, (height - 2 * MARGIN) / extent.height));
      go({ k, x: (width - extent.width * k) / 2 - extent.x * k, y: (height - extent.height * k) / 2 - extent.y * k }, animate);
    },
    zoomBy: (factor) => void target.call(behaviour.scaleBy, factor),
    panBy: (dx, dy) => void target.call(behaviour.translateBy, dx / current().k, dy / current().k),
    show(extent) {
      const { k, x, y } = current();
      const { width, height } = free();
      const shift = (start: number, size: number, room: number) => {
        if (start < MARGIN) return MARGIN - start;
        return start + size > room - MARGIN ? Math.max(MARGIN - start, room - MARGIN - start - size) : 0;
      };
      const dx = shift(extent.x * k + x, extent.width * k, width);
      const dy = shift(extent.y * k + y, extent.height * k, height);
      if (dx !== 0 || dy !== 0) go({ k, x: x + dx, y: y + dy }, true);
    },
  };
}
