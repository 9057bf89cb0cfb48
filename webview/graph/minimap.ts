/** The whole picture small, with the part in sight marked; shown only when the picture is much larger than the view. */
import { t } from "../words.ts";
import type { Camera, Viewport } from "./camera.ts";
import type { Picture } from "./picture.ts";

export interface Minimap {
  readonly element: SVGSVGElement;
  update(picture: Picture | undefined, viewport: Viewport): void;
}

const WIDTH = 160;
const HEIGHT = 112;
const NS = "http://www.w3.org/2000/svg";

export function createMinimap(camera: Camera, room: () => { width: number; height: number }): Minimap {
  const element = document.createElementNS(NS, "svg");
  element.setAttribute("class", "minimap");
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", t("Overview"));
  const boxes = document.createElementNS(NS, "path");
  boxes.setAttribute("class", "boxes");
  const sight = document.createElementNS(NS, "rect");
  sight.setAttribute("class", "sight");
  element.append(boxes, sight);
  let drawn: Picture | undefined;

  const jump = (event: PointerEvent) => {
    if (!drawn || (event.type === "pointermove" && event.buttons === 0)) return;
    const scale = Math.min(WIDTH / drawn.width, HEIGHT / drawn.height);
    const at = element.getBoundingClientRect();
    const { k } = camera.viewport;
    const { width, height } = room();
    camera.lookAt({
      k,
      x: width / 2 - ((event.clientX - at.left) / scale) * k,
      y: height / 2 - ((event.clientY - at.top) / scale) * k,
    });
  };
  element.addEventListener("pointerdown", jump);
  element.addEventListener("pointermove", jump);

  return {
    element,
    update(picture, { k, x, y }) {
      const { width, height } = room();
      const hidden =
        !picture || picture.boxes.length < 8 || (picture.width * k < width * 1.3 && picture.height * k < height * 1.3);
      element.toggleAttribute("hidden", hidden);
      if (hidden || !picture) return;
      const scale = Math.min(WIDTH / picture.width, HEIGHT / picture.height);
      if (picture !== drawn) {
        drawn = picture;
        element.setAttribute("width", String(picture.width * scale));
        element.setAttribute("height", String(picture.height * scale));
        const shapes = picture.boxes.map((box) => box.rects.before ?? box.rects.after).filter((rect) => rect !== undefined);
        boxes.setAttribute(
          "d",
          shapes
            .map((r) => `M${r.x * scale},${r.y * scale}h${r.width * scale}v${r.height * scale}h${-r.width * scale}z`)
            .join(""),
        );
      }
      sight.setAttribute("x", String((-x / k) * scale));
      sight.setAttribute("y", String((-y / k) * scale));
      sight.setAttribute("width", String((width / k) * scale));
      sight.setAttribute("height", String((height / k) * scale));
    },
  };
}
