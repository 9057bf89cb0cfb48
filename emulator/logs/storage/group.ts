import { type EventBlock, readBlock } from "./event-block.ts";
import { EventTable } from "./event-table.ts";
import { MESSAGE_OFFSET, streamDeletedRecord, streamRecord, writeEvent } from "./record.ts";
import type { Segments } from "./segments.ts";
import { TimeOrder } from "./time-order.ts";

/** What `group.json` keeps; times in epoch milliseconds. */
export interface GroupSettings {
  readonly name: string;
  readonly created: number;
  retentionInDays?: number;
  logGroupClass: string;
  kmsKeyId?: string;
  deletionProtectionEnabled: boolean;
  tags: Record<string, string>;
}

export interface LogStream {
  readonly id: number;
  readonly name: string;
  readonly created: number;
  readonly order: TimeOrder;
  lastIngested?: number;
}

export interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** What Live Tail hears of: events as they were accepted. */
export type Listener = (stream: LogStream, events: readonly LogEvent[], ingested: number) => void;

const SEGMENT_BYTES = 32 * 1024 * 1024;
/** Past this many bytes that wait for the disk a writer waits too; if the disk refuses, what comes after is dropped. */
const MAX_PENDING = 64 * 1024 * 1024;

/** One log group: its streams, the index of its events in memory, its events on disk. */
export class LogGroup {
  readonly settings: GroupSettings;
  readonly segments: Segments;
  readonly table = new EventTable();
  readonly order = new TimeOrder(this.table);
  readonly streams = new Map<string, LogStream>();
  /** By stream id; deleted streams leave a hole. */
  readonly streamById: (LogStream | undefined)[] = [];
  readonly listeners = new Set<Listener>();
  /** Bytes of the messages kept, and 26 for each event, as the service counts them. */
  storedBytes = 0;
  deleted = false;

  constructor(settings: GroupSettings, segments: Segments) {
    this.settings = settings;
    this.segments = segments;
  }

  get name(): string {
    return this.settings.name;
  }

  createStream(name: string, now: number): LogStream {
    const id = this.streamById.length;
    this.#write(streamRecord(id, now, name));
    return this.addStream(id, name, now);
  }

  /** Enters a stream into the index without writing it. */
  addStream(id: number, name: string, created: number): LogStream {
    const stream: LogStream = { id, name, created, order: new TimeOrder(this.table) };
    this.streams.set(name, stream);
    this.streamById[id] = stream;
    return stream;
  }

  deleteStream(stream: LogStream): void {
    this.#write(streamDeletedRecord(stream.id));
    this.removeStream(stream);
    const { streams } = this.table;
    this.order.retain((row) => streams[row] !== stream.id);
  }

  removeStream(stream: LogStream): void {
    this.streams.delete(stream.name);
    this.streamById[stream.id] = undefined;
    for (let index = 0; index < stream.order.count; index++) {
      this.storedBytes -= (this.table.lengths[stream.order.rows[index] as number] as number) + 26;
    }
  }

  /** Appends events in the order given. Returns false if the disk has refused so much that they had to be dropped. */
  append(stream: LogStream, events: readonly LogEvent[], ingested: number): boolean {
    if (events.length === 0) return true;
    if (this.segments.pending > MAX_PENDING && !this.#catchUp()) return false;
    const lengths = events.map((event) => Buffer.byteLength(event.message));
    const record = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + MESSAGE_OFFSET + length, 0));
    let at = 0;
    for (const [index, event] of events.entries()) {
      const bytes = lengths[index] as number;
      at = writeEvent(record, at, { timestamp: event.timestamp, ingested, stream: stream.id, message: event.message, bytes });
    }
    let position = this.#write(record);
    const first = this.table.count;
    const segment = this.segments.active;
    for (const [index, event] of events.entries()) {
      const bytes = lengths[index] as number;
      this.table.push(event.timestamp, ingested, position + MESSAGE_OFFSET, bytes, stream.id);
      position += MESSAGE_OFFSET + bytes;
      this.storedBytes += bytes + 26;
      if (segment && event.timestamp > segment.latest) segment.latest = event.timestamp;
    }
    if (segment) segment.endSequence = this.table.base + this.table.count;
    this.order.add(first, this.table.count);
    stream.order.add(first, this.table.count);
    stream.lastIngested = ingested;
    for (const listener of this.listeners) listener(stream, events, ingested);
    return true;
  }

  /** Reads the messages of `rows`; events that retention has removed meanwhile come out as undefined. */
  read(rows: Uint32Array): Promise<EventBlock> {
    return readBlock(this.table, this.segments, rows);
  }

  /** The time before which events are expired, -Infinity without a retention. */
  expiry(now: number): number {
    const days = this.settings.retentionInDays;
    return days === undefined ? -Infinity : now - days * 86_400_000;
  }

  /** Removes the segments that hold nothing but expired events. */
  async expire(now: number): Promise<void> {
    const cutoff = this.expiry(now);
    const { list } = this.segments;
    const active = this.segments.active;
    // The segment in use goes too, once there is another to write to.
    if (active && active.latest > -Infinity && active.latest < cutoff) this.#roll();
    let count = 0;
    while (count < list.length - 1 && (list[count]?.latest as number) < cutoff) count++;
    if (count === 0) return;
    const rows = (list[count - 1]?.endSequence as number) - this.table.base;
    for (let row = 0; row < rows; row++) {
      if (this.streamById[this.table.streams[row] as number]) this.storedBytes -= (this.table.lengths[row] as number) + 26;
    }
    this.table.dropFirst(rows);
    this.order.retain((row) => row >= rows, rows);
    for (const stream of this.streams.values()) stream.order.retain((row) => row >= rows, rows);
    await this.segments.drop(count);
  }

  #catchUp(): boolean {
    try {
      this.segments.flushNow();
      return true;
    } catch {
      return false;
    }
  }

  #write(record: Buffer): number {
    const active = this.segments.active;
    if (!active || active.size > SEGMENT_BYTES) this.#roll();
    return this.segments.append(record);
  }

  /** A segment names all streams that exist when it begins, so that older segments can be removed without losing any. */
  #roll(): void {
    this.segments.roll(this.table.base + this.table.count);
    for (const stream of this.streams.values()) this.segments.append(streamRecord(stream.id, stream.created, stream.name));
  }
}
