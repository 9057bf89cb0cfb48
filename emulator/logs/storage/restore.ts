import { renameSync, rmSync, statSync } from "node:fs";
import type { LogGroup } from "./group.ts";
import { loadSegment } from "./load.ts";
import {
  EVENT_HEADER,
  KIND_EVENT,
  KIND_STREAM,
  KIND_STREAM_DELETED,
  MESSAGE_OFFSET,
  RECORD_HEADER,
  STREAM_HEADER,
} from "./record.ts";
import { SEGMENT_HEADER } from "./segments.ts";

/** Rebuilds a group's index from its segment files; the last one is repaired if a crash cut it off. */
export function restore(group: LogGroup, files: readonly string[], problem: (message: string) => void): void {
  const { table } = group;
  const lastIngested: number[] = [];
  for (const [index, path] of files.entries()) {
    const last = index === files.length - 1;
    let latest = -Infinity;
    const firstRow = table.count;
    const loaded = loadSegment(path, last, (buffer, at, length, position) => {
      const payload = at + RECORD_HEADER;
      switch (buffer[payload]) {
        case KIND_EVENT: {
          const timestamp = buffer.readDoubleLE(payload + 1);
          const ingested = buffer.readDoubleLE(payload + 9);
          const stream = buffer.readUInt32LE(payload + 17);
          // The position is relative to the segment until its header is known, below.
          table.push(timestamp, ingested, position + MESSAGE_OFFSET, length - RECORD_HEADER - EVENT_HEADER, stream);
          lastIngested[stream] = ingested;
          if (timestamp > latest) latest = timestamp;
          break;
        }
        case KIND_STREAM: {
          const id = buffer.readUInt32LE(payload + 1);
          const name = buffer.toString("utf8", payload + STREAM_HEADER, at + length);
          if (!group.streamById[id]) group.addStream(id, name, buffer.readDoubleLE(payload + 5));
          break;
        }
        case KIND_STREAM_DELETED: {
          const stream = group.streamById[buffer.readUInt32LE(payload + 1)];
          if (stream) {
            group.streams.delete(stream.name);
            group.streamById[stream.id] = undefined;
          }
          break;
        }
        default:
          problem(`${path}: a record of an unknown kind was skipped`);
      }
    });
    if (!loaded) {
      discard(path, problem);
      continue;
    }
    for (let row = firstRow; row < table.count; row++) table.positions[row] = (table.positions[row] as number) + loaded.start;
    if (index === 0) table.base = loaded.firstSequence;
    group.segments.list.push({ path, start: loaded.start, size: loaded.size, latest, endSequence: table.base + table.count });
  }
  indexStreams(group, lastIngested);
}

/** A file shorter than its header was cut off as it began and holds nothing; any other is somebody's and kept. */
function discard(path: string, problem: (message: string) => void): void {
  if (statSync(path).size < SEGMENT_HEADER) rmSync(path);
  else {
    problem(`${path} is not a log segment: set aside as ${path}.damaged`);
    renameSync(path, `${path}.damaged`);
  }
}

function indexStreams(group: LogGroup, lastIngested: readonly number[]): void {
  const { table, streamById } = group;
  const counts = new Uint32Array(streamById.length);
  let alive = 0;
  for (let row = 0; row < table.count; row++) {
    const stream = table.streams[row] as number;
    if (!streamById[stream]) continue;
    counts[stream] = (counts[stream] as number) + 1;
    alive++;
    group.storedBytes += (table.lengths[row] as number) + 26;
  }
  const all = new Uint32Array(alive);
  const byStream = streamById.map((stream, id) => stream && new Uint32Array(counts[id] as number));
  const filled = new Uint32Array(streamById.length);
  let at = 0;
  for (let row = 0; row < table.count; row++) {
    const stream = table.streams[row] as number;
    const rows = byStream[stream];
    if (!rows) continue;
    rows[filled[stream] as number] = row;
    filled[stream] = (filled[stream] as number) + 1;
    all[at++] = row;
  }
  group.order.addAll(all);
  for (const [id, stream] of streamById.entries()) {
    if (!stream) continue;
    stream.order.addAll(byStream[id] as Uint32Array);
    if (lastIngested[id] !== undefined) stream.lastIngested = lastIngested[id];
  }
}
