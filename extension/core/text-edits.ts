/** Replaces `length` UTF-16 units at `offset` by `text`. Offsets of a list of edits all count in the unchanged text. */
export interface TextEdit {
  offset: number;
  length: number;
  text: string;
}

/** Applies edits that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let done = 0;
  for (const edit of [...edits].sort((a, b) => a.offset - b.offset)) {
    result += text.slice(done, edit.offset) + edit.text;
    done = edit.offset + edit.length;
  }
  return result + text.slice(done);
}

type Piece = { start: number; end: number } | { text: string };

/**
 * A text under edit: each edit counts in the text as it is by then, and at the end all of them are told as edits of the
 * original. What no edit touched stays a piece of the original, so it is never part of the answer.
 */
export class EditedText {
  private pieces: Piece[];
  private readonly original: string;

  constructor(original: string) {
    this.original = original;
    this.pieces = [{ start: 0, end: original.length }];
  }

  get text(): string {
    return this.pieces.map((piece) => this.textOf(piece)).join("");
  }

  edit({ offset, length, text }: TextEdit): void {
    const end = offset + length;
    const next: Piece[] = [];
    let at = 0;
    let inserted = false;
    const insert = () => {
      if (!inserted && text !== "") next.push({ text });
      inserted = true;
    };
    for (const piece of this.pieces) {
      const size = this.textOf(piece).length;
      const before = Math.min(size, Math.max(0, offset - at));
      const after = Math.min(size, Math.max(0, end - at));
      if (before > 0) next.push(part(piece, 0, before));
      if (at + size >= offset && at <= offset && before < size) insert();
      if (after < size) {
        if (at >= offset) insert();
        next.push(part(piece, Math.max(before, after), size));
      }
      at += size;
    }
    insert();
    this.pieces = next.filter((piece) => this.textOf(piece) !== "");
  }

  /** Minimal in pieces: one edit for each place where original text is left out or new text stands. */
  edits(): TextEdit[] {
    const edits: TextEdit[] = [];
    let at = 0;
    let text = "";
    const close = (start: number) => {
      if (start > at || text !== "") edits.push({ offset: at, length: start - at, text });
      text = "";
    };
    for (const piece of this.pieces) {
      if ("text" in piece) text += piece.text;
      else {
        close(piece.start);
        at = piece.end;
      }
    }
    close(this.original.length);
    return edits;
  }

  private textOf(piece: Piece): string {
    return "text" in piece ? piece.text : this.original.slice(piece.start, piece.end);
  }
}

const part = (piece: Piece, from: number, to: number): Piece =>
  "text" in piece ? { text: piece.text.slice(from, to) } : { start: piece.start + from, end: piece.start + to };
