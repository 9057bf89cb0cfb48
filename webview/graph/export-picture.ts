/** The graph as a picture of its own: colours resolved, nothing outside needed. */
import type { Extent } from "./camera.ts";

const COPIED = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "opacity",
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "display",
];
const MARGIN = 24;
/** Largest side of a PNG, px: beyond it browsers refuse canvases. */
const MOST_PIXELS = 4000;

export function svgText(svg: SVGSVGElement, extent: Extent): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [...svg.querySelectorAll<SVGElement>("*")];
  const to = [...copy.querySelectorAll<SVGElement>("*")];
  from.forEach((element, index) => {
    const target = to[index];
    if (!target || element.closest("defs symbol")) return;
    const style = getComputedStyle(element);
    for (const property of COPIED) {
      const value = style.getPropertyValue(property);
      if (value !== "" && value !== "none" && !(property === "opacity" && value === "1")) target.setAttribute(property, value);
    }
    for (const name of ["class", "tabindex", "role", "aria-label", "aria-pressed", "data-key", "data-line"])
      target.removeAttribute(name);
  });
  for (const hidden of copy.querySelectorAll('[display="none"], .reach')) hidden.remove();
  const box = {
    x: extent.x - MARGIN,
    y: extent.y - MARGIN,
    width: extent.width + 2 * MARGIN,
    height: extent.height + 2 * MARGIN,
  };
  const scene = copy.querySelector(":scope > g");
  scene?.removeAttribute("transform");
  for (const name of [...copy.attributes].map((each) => each.name)) copy.removeAttribute(name);
  const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ ...box, fill: getComputedStyle(document.body).backgroundColor }))
    background.setAttribute(key, String(value));
  copy.insertBefore(background, copy.firstChild);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  return new XMLSerializer().serializeToString(copy);
}

/** Base64 of a PNG at twice the size, or less where that would be too large. */
export async function pngBase64(svg: string, width: number, height: number): Promise<string> {
  const scale = Math.min(2, MOST_PIXELS / (Math.max(width, height) + 2 * MARGIN));
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((width + 2 * MARGIN) * scale);
    canvas.height = Math.ceil((height + 2 * MARGIN) * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png").split(",")[1] ?? "";
  } finally {
    URL.revokeObjectURL(url);
  }
}
