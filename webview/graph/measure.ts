/** Sizes that drawing and layout share, px on a 4 px grid, and the width of a text. */

export const SIZE = {
  header: 32,
  row: 28,
  rowGap: 4,
  /** Between the outline of a function and its rows. */
  pad: 8,
  /** Between functions of one stack. */
  gap: 20,
  chip: 20,
  chipGap: 4,
  /** Per lane of calls inside a stack. */
  lane: 8,
  bars: 44,
  minWidth: 200,
  maxWidth: 344,
} as const;

export type FontSize = "name" | "strong" | "header" | "metric";

/** Width in px of a text in one of the fonts of the picture. */
export type Measure = (text: string, font: FontSize) => number;

/** Cuts a text in its middle so that it fits; names differ at both ends. */
export function fitText(text: string, width: number, font: FontSize, measure: Measure): string {
  if (measure(text, font) <= width) return text;
  const characters = Array.from(text);
  let low = 1;
  let high = characters.length;
  const cut = (keep: number) =>
    `${characters.slice(0, Math.ceil(keep / 2)).join("")}…${characters.slice(characters.length - Math.floor(keep / 2)).join("")}`;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(cut(middle), font) <= width) low = middle;
    else high = middle - 1;
  }
  return cut(low);
}
