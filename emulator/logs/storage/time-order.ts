import type { EventTable } from "./event-table.ts";

/**
 * Rows of an `EventTable` sorted by timestamp, then by arrival. Events arrive nearly sorted, so a batch is merged from the
 * back: the cost is the batch plus the rows it overtakes.
 */
export class TimeOrder {
  readonly #table: EventTable;
  rows = new Uint32Array(8);
  count = 0;

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** Adds rows `from` (inclusive) to `to` (exclusive), all of which came later than any row added before. */
  add(from: number, to: number): void {
    if (to === from + 1) this.addRow(from);
    else this.addAll(Uint32Array.from({ length: to - from }, (_, index) => from + index));
  }

  addRow(row: number): void {
    const { timestamps } = this.#table;
    this.#reserve(1);
    const at = timestamps[row] as number;
    const last = this.rows[this.count - 1];
    let index = this.count;
    if (last !== undefined && this.count > 0 && (timestamps[last] as number) > at) {
      index = this.find(at, row);
      this.rows.copyWithin(index + 1, index, this.count);
    }
    this.rows[index] = row;
    this.count++;
  }

  /** Adds many rows at once, in any order of their timestamps. */
  addAll(rows: Uint32Array): void {
    const { timestamps } = this.#table;
    let sorted = true;
    for (let index = 1; index < rows.length && sorted; index++) {
      sorted = (timestamps[rows[index] as number] as number) >= (timestamps[rows[index - 1] as number] as number);
    }
    this.#merge(sorted ? rows : rows.slice().sort((a, b) => (timestamps[a] as number) - (timestamps[b] as number) || a - b));
  }

  #merge(batch: Uint32Array): void {
    const { timestamps } = this.#table;
    this.#reserve(batch.length);
    let old = this.count - 1;
    let next = batch.length - 1;
    let target = this.count + batch.length - 1;
    while (next >= 0) {
      const row = batch[next] as number;
      const at = timestamps[row] as number;
      while (old >= 0 && (timestamps[this.rows[old] as number] as number) > at) this.rows[target--] = this.rows[old--] as number;
      this.rows[target--] = row;
      next--;
    }
    this.count += batch.length;
  }

  /** Index of the first row that is not before `(timestamp, row)`. Row -1 stands for "before any row of that time". */
  find(timestamp: number, row = -1): number {
    const { timestamps } = this.#table;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.rows[middle] as number;
      const at = timestamps[candidate] as number;
      if (at < timestamp || (at === timestamp && candidate < row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Keeps the rows for which `keep` holds and renumbers them by subtracting `shift`. */
  retain(keep: (row: number) => boolean, shift = 0): void {
    let target = 0;
    for (let index = 0; index < this.count; index++) {
      const row = this.rows[index] as number;
      if (keep(row)) this.rows[target++] = row - shift;
    }
    this.count = target;
  }

  #reserve(more: number): void {
    if (this.count + more <= this.rows.length) return;
    const rows = new Uint32Array(Math.max(this.rows.length * 2, this.count + more));
    rows.set(this.rows.subarray(0, this.count));
    this.rows = rows;
  }
}
