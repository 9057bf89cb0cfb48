/** The terminal: text for people, or one JSON document on standard output and everything else on standard error. */
import type { Progress } from "../ports/work.ts";

export interface Output {
  json: boolean;
  /** Text for people; on standard error when JSON was asked for. */
  text: (this: void, line?: string) => void;
  /** The answer: printed as JSON, or through `human`. */
  answer(document: unknown, human: () => string): void;
  /** What is going on: a line that replaces itself on a terminal. */
  progress: Progress;
}

export function createOutput(json: boolean): Output {
  const people = json ? process.stderr : process.stdout;
  let last = "";
  const clear = (): void => {
    if (process.stderr.isTTY && last) process.stderr.write("\r\u001b[K");
    last = "";
  };
  return {
    json,
    text(line = "") {
      clear();
      people.write(`${line}\n`);
    },
    answer(document, human) {
      clear();
      process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${human()}\n`);
    },
    progress(message, fraction) {
      const line = fraction === undefined ? message : `${message} ${Math.floor(fraction * 100)} %`;
      if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
      else if (message !== last.replace(/ \d+ %$/, "")) process.stderr.write(`${message}\n`);
      last = line;
    },
  };
}

/** Columns aligned: the first to the left, the others to the right. */
export function table(rows: string[][], head?: string[]): string {
  const all = head ? [head, ...rows] : rows;
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  return all.map(line).join("\n");
}

/** Three significant figures, never in exponent form. */
export function milliseconds(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value >= 100) return `${Math.round(value)} ms`;
  return `${Number(value.toPrecision(3))} ms`;
}

export const dollars = (value: number): string => (Number.isFinite(value) ? `$${value.toFixed(2)}` : "–");

/** Of nothing there is no share. */
export const percent = (value: number): string =>
  Number.isFinite(value) ? `${value > 0 ? "+" : ""}${Math.round(value * 100)} %` : "–";
