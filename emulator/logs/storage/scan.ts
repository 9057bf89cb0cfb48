import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventBlock } from "./event-block.ts";
import type { Place } from "./place.ts";
import type { LogGroup } from "./group.ts";
import type { TimeOrder } from "./time-order.ts";

export interface Range {
  /** Inclusive, epoch milliseconds. */
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  /** Where to go on: forwards the first event wanted, backwards the event before which to look. */
  readonly place?: Place;
  readonly backwards?: boolean;
  /** Only events of these streams. */
  readonly streams?: ReadonlySet<number>;
}

const BLOCK_ROWS = 8192;
const BLOCK_BYTES = 2 * 1024 * 1024;

export function sequenceOf(group: LogGroup, row: number): number {
  return group.table.base + row;
}

/** Index in `order` of the first event at or after `place`. */
export function indexOfPlace(group: LogGroup, order: TimeOrder, place: Place): number {
  return order.find(place.timestamp, Math.max(place.sequence - group.table.base, -1));
}

/**
 * Yields the events of a range, a block at a time, in order of time. Between blocks events may arrive and expire: the scan
 * finds its place again by time and sequence number.
 */
export async function* scan(group: LogGroup, order: TimeOrder, range: Range, signal?: AbortSignal): AsyncGenerator<EventBlock> {
  let place = range.place;
  for (;;) {
    if (signal?.aborted || group.deleted) return;
    const rows = nextRows(group, order, { ...range, place });
    if (rows.length === 0) return;
    const { base } = group.table;
    let block: EventBlock;
    try {
      block = await group.read(rows);
      // What is still in memory is read without waiting for anything: let others have their turn all the same.
      await nextTurn();
    } catch (error) {
      // Retention or a deletion took the files away while they were read: go on with what is left.
      if (group.deleted || group.table.base !== base) continue;
      throw error;
    }
    yield block;
    place = continuation(block, block.count, range.backwards === true);
  }
}

/** The place from which a scan comes to the event at `index` of a block next; `index` may be one past the last. */
export function continuation(block: EventBlock, index: number, backwards: boolean): Place {
  const included = index < block.count;
  const { timestamp, sequence } = block.place(Math.min(index, block.count - 1));
  return { timestamp, sequence: included === backwards ? sequence + 1 : sequence };
}

function nextRows(group: LogGroup, order: TimeOrder, range: Range): Uint32Array {
  const { table } = group;
  const { backwards, place, streams } = range;
  const start = order.find(range.from);
  const end = order.find(range.to + 1);
  const low = !backwards && place ? Math.max(start, indexOfPlace(group, order, place)) : start;
  const high = backwards && place ? Math.min(end, indexOfPlace(group, order, place)) : end;
  const rows = new Uint32Array(Math.max(0, Math.min(BLOCK_ROWS, high - low)));
  let count = 0;
  let bytes = 0;
  const step = backwards ? -1 : 1;
  for (let index = backwards ? high - 1 : low; index >= low && index < high; index += step) {
    if (count === rows.length || bytes > BLOCK_BYTES) break;
    const row = order.rows[index] as number;
    if (streams && !streams.has(table.streams[row] as number)) continue;
    rows[count++] = row;
    bytes += table.lengths[row] as number;
  }
  return rows.subarray(0, count);
}
