import { closeSync, existsSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

/** An accepted event and how far its delivery is. */
export interface QueuedEvent {
  id: string;
  functionName: string;
  qualifier?: string;
  /** JSON text. */
  payload: string;
  /** Epoch ms of acceptance. */
  acceptedAt: number;
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
 * an unfinished last line of an interrupted write is left out at the next start.
 */
export class Journal {
  readonly pending = new Map<string, QueuedEvent>();
  private readonly path: string;
  private descriptor: number;
  private bytes: number;

  constructor(path: string) {
    this.path = path;
    if (existsSync(path)) for (const line of readFileSync(path, "utf8").split("\n")) this.replay(line);
    this.descriptor = this.compact();
    this.bytes = fstatSync(this.descriptor).size;
  }

  accept(event: QueuedEvent): void {
    this.write({ accept: event });
    this.pending.set(event.id, event);
  }

  /** Notes the state of a later attempt. */
  again(event: QueuedEvent): void {
    const { id, attempts, throttles, due } = event;
    this.write({ again: { id, attempts, throttles, due } });
  }

  done(id: string): void {
    this.pending.delete(id);
    this.write({ done: id });
    if (this.bytes > compactAfterBytes && this.pending.size < 1_000) {
      closeSync(this.descriptor);
      this.descriptor = this.compact();
      this.bytes = fstatSync(this.descriptor).size;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private replay(line: string): void {
    let entry: Entry;
    try {
      entry = JSON.parse(line) as Entry;
    } catch {
      return;
    }
    if ("accept" in entry) this.pending.set(entry.accept.id, entry.accept);
    else if ("done" in entry) this.pending.delete(entry.done);
    else Object.assign(this.pending.get(entry.again.id) ?? {}, entry.again);
  }

  private write(entry: Entry): void {
    const data = Buffer.from(`${JSON.stringify(entry)}\n`);
    for (let offset = 0; offset < data.length;) offset += writeSync(this.descriptor, data, offset);
    this.bytes += data.length;
  }

  /** Rewrites the file with what is still pending, beside the old one first. Returns it opened for appending. */
  private compact(): number {
    const lines = [...this.pending.values()].map((event) => `${JSON.stringify({ accept: event })}\n`).join("");
    writeFileSync(`${this.path}.new`, lines);
    renameSync(`${this.path}.new`, this.path);
    return openSync(this.path, "a");
  }
}
