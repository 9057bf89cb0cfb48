/** Widths of texts in the editor's font. */
import type { FontSize, Measure } from "./measure.ts";

const FONTS: Record<FontSize, [number, number]> = { name: [13, 400], strong: [13, 600], header: [12, 400], metric: [11, 400] };

export function textWidth(): Measure {
  const context = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily || "sans-serif";
  const known = new Map<string, number>();
  return (text, font) => {
    const key = `${font} ${text}`;
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    const [size, weight] = FONTS[font];
    if (context) context.font = `${weight} ${size}px ${family}`;
    const width = Math.ceil(context?.measureText(text).width ?? text.length * size * 0.6);
    known.set(key, width);
    return width;
  };
}
