import type { EventTable } from "./event-table.ts";
import type { Place } from "./place.ts";
import type { Segments } from "./segments.ts";

/** Ranges of a file closer than this are read as one: a disk reads the gap faster than it answers another request. */
const MAX_GAP = 16 * 1024;
const MAX_RANGE = 8 * 1024 * 1024;

const NONE = Buffer.alloc(0);

/**
 * Some events with their messages still as bytes. It holds copies of the index: the table may lose rows to retention while a
 * block is being read and used.
 */
export class EventBlock {
  readonly count: number;
  readonly timestamps: Float64Array;
  readonly ingested: Float64Array;
  /** Ids of streams. */
  readonly streams: Uint32Array;
  readonly sequences: Float64Array;
  /** For each event the buffer that holds its message, where it begins there and its length in bytes. */
  readonly buffers: Buffer[];
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;

  constructor(table: EventTable, rows: Uint32Array) {
    this.count = rows.length;
    this.timestamps = new Float64Array(rows.length);
    this.ingested = new Float64Array(rows.length);
    this.sequences = new Float64Array(rows.length);
    this.streams = new Uint32Array(rows.length);
    this.lengths = new Uint32Array(rows.length);
    this.starts = new Uint32Array(rows.length);
    this.buffers = [];
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as number;
      this.timestamps[index] = table.timestamps[row] as number;
      this.ingested[index] = table.ingested[row] as number;
      this.sequences[index] = table.base + row;
      this.streams[index] = table.streams[row] as number;
      this.lengths[index] = table.lengths[row] as number;
      this.buffers.push(NONE);
    }
  }

  timestamp(index: number): number {
    return this.timestamps[index] as number;
  }

  place(index: number): Place {
    return { timestamp: this.timestamps[index] as number, sequence: this.sequences[index] as number };
  }

  message(index: number): string {
    const start = this.starts[index] as number;
    return (this.buffers[index] as Buffer).toString("utf8", start, start + (this.lengths[index] as number));
  }

  /** Runs a test on the message's bytes. */
  test(index: number, test: (bytes: Buffer, start: number, end: number) => boolean): boolean {
    const start = this.starts[index] as number;
    return test(this.buffers[index] as Buffer, start, start + (this.lengths[index] as number));
  }

  /** Marks the messages that contain one of `needles`, searching whole buffers at once. With no needles all are marked. */
  containing(needles: readonly Buffer[] | undefined): Uint8Array {
    const marks = new Uint8Array(this.count);
    if (!needles) return marks.fill(1);
    for (const needle of needles) this.#mark(needle, marks);
    return marks;
  }

  #mark(needle: Buffer, marks: Uint8Array): void {
    let buffer: Buffer = Buffer.alloc(0);
    let hit = -1;
    let from = 0;
    for (let index = 0; index < marks.length; index++) {
      const start = this.starts[index] as number;
      const end = start + (this.lengths[index] as number) - needle.length;
      if (this.buffers[index] !== buffer || start < from) {
        buffer = this.buffers[index] as Buffer;
        hit = buffer.indexOf(needle, start);
      } else if (hit >= 0 && hit < start) hit = buffer.indexOf(needle, start);
      from = start;
      if (hit >= start && hit <= end) marks[index] = 1;
    }
  }
}

/** Reads the messages of `rows` from the segments, neighbouring ones together. */
export async function readBlock(table: EventTable, segments: Segments, rows: Uint32Array): Promise<EventBlock> {
  const block = new EventBlock(table, rows);
  const positions = new Float64Array(rows.length);
  const byPosition = new Uint32Array(rows.length);
  let sorted = true;
  for (let index = 0; index < rows.length; index++) {
    positions[index] = table.positions[rows[index] as number] as number;
    byPosition[index] = index;
    sorted &&= index === 0 || (positions[index] as number) > (positions[index - 1] as number);
  }
  if (!sorted) byPosition.sort((a, b) => (positions[a] as number) - (positions[b] as number));

  const reads: Promise<void>[] = [];
  for (let first = 0; first < byPosition.length;) {
    const start = positions[byPosition[first] as number] as number;
    const segment = segments.at(start);
    const segmentEnd = segment.start + segment.size;
    let end = start + (block.lengths[byPosition[first] as number] as number);
    let next = first + 1;
    for (; next < byPosition.length; next++) {
      const index = byPosition[next] as number;
      const position = positions[index] as number;
      if (position >= segmentEnd || position - end > MAX_GAP || position - start > MAX_RANGE) break;
      end = position + (block.lengths[index] as number);
    }
    const members = byPosition.subarray(first, next);
    reads.push(
      segments.read(start, end - start).then((buffer) => {
        for (const index of members) {
          block.buffers[index] = buffer;
          block.starts[index] = (positions[index] as number) - start;
        }
      }),
    );
    first = next;
  }
  await Promise.all(reads);
  return block;
}
