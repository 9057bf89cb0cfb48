/**
 * What is kept in memory of every event of a group: 32 bytes in typed arrays, outside the JavaScript heap. Rows are in the
 * order of arrival; a row's sequence number is its index plus `base` and stays the same across restarts.
 */
export class EventTable {
  /** Sequence number of row 0. */
  base = 0;
  count = 0;
  timestamps = new Float64Array(64);
  ingested = new Float64Array(64);
  /** Position of the message's first byte in the group's address space (see `Segments`). */
  positions = new Float64Array(64);
  /** UTF-8 bytes of the message. */
  lengths = new Uint32Array(64);
  streams = new Uint32Array(64);

  push(timestamp: number, ingested: number, position: number, length: number, stream: number): number {
    const row = this.count++;
    if (row === this.timestamps.length) this.#grow(row * 2);
    this.timestamps[row] = timestamp;
    this.ingested[row] = ingested;
    this.positions[row] = position;
    this.lengths[row] = length;
    this.streams[row] = stream;
    return row;
  }

  /** Forgets the first `rows` rows; later rows keep their sequence numbers. */
  dropFirst(rows: number): void {
    const { count } = this;
    for (const column of [this.timestamps, this.ingested, this.positions, this.lengths, this.streams]) {
      column.copyWithin(0, rows, count);
    }
    this.base += rows;
    this.count = count - rows;
  }

  timestamp(row: number): number {
    return this.timestamps[row] as number;
  }

  #grow(capacity: number): void {
    const enlarge = <T extends Float64Array | Uint32Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.timestamps = enlarge(this.timestamps, new Float64Array(capacity));
    this.ingested = enlarge(this.ingested, new Float64Array(capacity));
    this.positions = enlarge(this.positions, new Float64Array(capacity));
    this.lengths = enlarge(this.lengths, new Uint32Array(capacity));
    this.streams = enlarge(this.streams, new Uint32Array(capacity));
  }
}
