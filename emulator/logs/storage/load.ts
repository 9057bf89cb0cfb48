import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { RECORD_MAGIC, recordLength } from "./record.ts";
import { SEGMENT_HEADER, readSegmentHeader } from "./segments.ts";

const BLOCK = 1024 * 1024;

export interface LoadedSegment {
  readonly start: number;
  readonly firstSequence: number;
  readonly size: number;
}

/**
 * Reads a segment file and hands every whole record to `record` (`payloadAt` is the payload's place in `buffer`, `position` the record's in
 * the file). What a crash left half-written at the end is cut off when `repair` is set. Damage in the middle is skipped up to
 * the next whole record. Returns undefined if not even the header is whole.
 */
export function loadSegment(
  path: string,
  repair: boolean,
  record: (buffer: Buffer, at: number, length: number, position: number) => void,
): LoadedSegment | undefined {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    let block = Buffer.allocUnsafe(Math.min(size, BLOCK));
    let blockStart = 0;
    let filled = fill(file, block, 0, 0);
    const header = readSegmentHeader(block.subarray(0, filled));
    if (!header) return undefined;
    let at = SEGMENT_HEADER;
    let good = SEGMENT_HEADER;
    for (;;) {
      const length = recordLength(block.subarray(0, filled), at);
      if (length > 0) {
        record(block, at, length, blockStart + at);
        at += length;
        good = blockStart + at;
        continue;
      }
      const rest = filled - at;
      if (blockStart + filled < size && length === 0) {
        // The record goes on after this block: bring its rest in, in a larger block if it is longer than one.
        const next = Buffer.allocUnsafe(rest >= BLOCK / 2 ? block.length * 2 : Math.max(BLOCK, rest));
        block.copy(next, 0, at, filled);
        blockStart += at;
        block = next;
        filled = rest + fill(file, block, rest, blockStart + rest);
        at = 0;
        continue;
      }
      if (rest === 0 && blockStart + filled >= size) break;
      // No record here: look for the next one. At the end of the file there is none, and the loop ends above.
      const next = block.subarray(0, filled).indexOf(RECORD_MAGIC, at + 1);
      at = next < 0 ? filled : next;
    }
    if (repair && good < size) ftruncateSync(file, good);
    return { ...header, size: repair ? good : size };
  } finally {
    closeSync(file);
  }
}

function fill(file: number, target: Buffer, at: number, position: number): number {
  let filled = 0;
  while (at + filled < target.length) {
    const bytes = readSync(file, target, at + filled, target.length - at - filled, position + filled);
    if (bytes === 0) break;
    filled += bytes;
  }
  return filled;
}
