import type { SourceRange } from "./graph.ts";

/** Translates offsets (UTF-16 units) of one text to lines and columns from 1. */
export interface Positions {
  range(start: number, end: number): SourceRange;
}

export function positionsOf(file: string, text: string): Positions {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  const place = (offset: number) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
  return {
    range(start, end) {
      const from = place(Math.min(start, text.length));
      const to = place(Math.min(Math.max(end, start), text.length));
      return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
    },
  };
}
