import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";

/** An accepted event and how far its delivery is. */
export interface QueuedEvent {
  id: string;
  functionName: string;
  qualifier?: string;
  /** JSON text. */
  payload: string;
  traceId?: string;
  /** Attempts that ran and failed. */
  attempts: number;
  /** Times turned away by concurrency limits in a row. */
  throttles: number;
  /** Not before, epoch ms. */
  due: number;
}

type Entry =
  | { accept: QueuedEvent }
  | { again: { id: string; attempts: number; throttles: number; due: number } }
  | { done: string };

const compactAfterBytes = 8 * 1_048_576;

/**
 * The queue on disk: one line an entry, written before it counts. A write reaches the kernel at once, so it survives the end of the process by any means;
 * an unfinished last line of an interrupted write is left out at the next start. What the disk refuses of a new event is taken back, and the event with
 * it; what it refuses of a later attempt or an end is owed, and written before anything else as soon as there is room: without it the event would only
 * come once more after a restart.
 */
export class Journal {
  readonly pending = new Map<string, QueuedEvent>();
  private readonly path: string;
  private descriptor: number;
  /** Bytes of whole lines. */
  private bytes: number;
  private compactAbove = compactAfterBytes;
  private owed: Entry[] = [];

  constructor(path: string) {
    this.path = path;
    if (existsSync(path)) for (const line of readFileSync(path, "utf8").split("\n")) this.replay(line);
    this.descriptor = this.compact();
    this.bytes = fstatSync(this.descriptor).size;
  }

  /** Throws the system's error when the disk refuses it; the event is not accepted then. */
  accept(event: QueuedEvent): void {
    this.write({ accept: event });
    this.pending.set(event.id, event);
  }

  /** Notes the state of a later attempt. */
  again(event: QueuedEvent): void {
    const { id, attempts, throttles, due } = event;
    this.note({ again: { id, attempts, throttles, due } });
  }

  done(id: string): void {
    this.pending.delete(id);
    this.note({ done: id });
    if (this.bytes > this.compactAbove && this.pending.size < 1_000) this.compactInUse();
  }

  close(): void {
    try {
      this.pay();
    } catch {
      // Still no room: those events come once more.
    }
    closeSync(this.descriptor);
  }

  /** What is no line of ours is left out. */
  private replay(line: string): void {
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      return;
    }
    if (!isRecord(entry)) return;
    const { accept, again, done } = entry;
    if (isRecord(accept) && isEvent(accept)) this.pending.set(accept.id, accept);
    else if (typeof done === "string") this.pending.delete(done);
    else if (isRecord(again)) {
      const event = { ...this.pending.get(again["id"] as string), ...again };
      if (isEvent(event)) this.pending.set(event.id, event);
    }
  }

  private note(entry: Entry): void {
    this.owed.push(entry);
    try {
      this.pay();
    } catch {
      // Owed until there is room.
    }
  }

  private pay(): void {
    while (this.owed.length > 0) {
      this.append(this.owed[0] as Entry);
      this.owed.shift();
    }
  }

  private write(entry: Entry): void {
    this.pay();
    this.append(entry);
  }

  /** A line is written whole or taken back: half of one would spoil the next. */
  private append(entry: Entry): void {
    const data = Buffer.from(`${JSON.stringify(entry)}\n`);
    try {
      for (let offset = 0; offset < data.length;) offset += writeSync(this.descriptor, data, offset);
    } catch (error) {
      ftruncateSync(this.descriptor, this.bytes);
      throw error;
    }
    this.bytes += data.length;
  }

  private compactInUse(): void {
    const old = this.descriptor;
    try {
      this.descriptor = this.compact();
      this.owed = [];
      closeSync(old);
      this.bytes = fstatSync(this.descriptor).size;
      this.compactAbove = compactAfterBytes;
    } catch {
      // No room for a second file: on with the first, and another try when it has grown.
      this.compactAbove = this.bytes + compactAfterBytes;
    }
  }

  /** Rewrites the file with what is still pending, beside the old one first. Returns it opened for appending. */
  private compact(): number {
    const lines = [...this.pending.values()].map((event) => `${JSON.stringify({ accept: event })}\n`).join("");
    try {
      writeFileSync(`${this.path}.new`, lines);
    } catch (error) {
      rmSync(`${this.path}.new`, { force: true });
      throw error;
    }
    renameSync(`${this.path}.new`, this.path);
    return openSync(this.path, "a");
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isEvent = (value: Partial<QueuedEvent>): value is QueuedEvent =>
  [value.id, value.functionName, value.payload].every((text) => typeof text === "string") &&
  [value.attempts, value.throttles, value.due].every(Number.isFinite);
