import { closeSync, constants, openSync, read, readdirSync, write, writeSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { OpenFiles } from "./open-files.ts";

/** A file of a group. Positions `start` to `start + size` of the group's address space live in it. */
export interface Segment {
  readonly path: string;
  readonly start: number;
  /** Bytes, those not yet on disk included. */
  size: number;
  /** The latest event time in it, in epoch milliseconds; retention removes whole segments by it. */
  latest: number;
  /** Sequence number after its last event. */
  endSequence: number;
}

interface Chunk {
  readonly segment: Segment;
  readonly position: number;
  readonly bytes: Buffer;
}

const MAGIC = Buffer.from("FZLOGS1\n");
/** Magic, start position (f64), sequence number of the first event (f64). */
export const SEGMENT_HEADER = 24;
const READ_WRITE_CREATE = constants.O_RDWR | constants.O_CREAT;
const FLUSH_DELAY_MS = 5;
const RETRY_MS = 500;
const MAX_WRITE = 4 * 1024 * 1024;

export function readSegmentHeader(bytes: Buffer): { start: number; firstSequence: number } | undefined {
  if (bytes.length < SEGMENT_HEADER || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  return { start: bytes.readDoubleLE(8), firstSequence: bytes.readDoubleLE(16) };
}

/**
 * The append-only files of one group, seen as one address space. What is appended can be read at once; it reaches the disk
 * within milliseconds, or before `flush` resolves. Writes go to fixed offsets, so repeating one that failed half-way is safe.
 */
export class Segments {
  readonly #folder: string;
  readonly #files: OpenFiles;
  readonly #problem: (message: string) => void;
  readonly list: Segment[] = [];
  #tail: Chunk[] = [];
  #tailBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #draining: Promise<void> | undefined;
  /** Said once, not at every try. */
  #refused = false;

  constructor(folder: string, files: OpenFiles, problem: (message: string) => void) {
    this.#folder = folder;
    this.#files = files;
    this.#problem = problem;
  }

  /** Bytes waiting for the disk. */
  get pending(): number {
    return this.#tailBytes;
  }

  get active(): Segment | undefined {
    return this.list.at(-1);
  }

  /** Starts a new segment; what is appended from now on goes there. */
  roll(firstSequence: number): Segment {
    const last = this.active;
    const start = last ? last.start + last.size : 0;
    const path = join(this.#folder, `${String(start).padStart(16, "0")}.log`);
    const segment: Segment = { path, start, size: 0, latest: -Infinity, endSequence: firstSequence };
    this.list.push(segment);
    const header = Buffer.alloc(SEGMENT_HEADER);
    MAGIC.copy(header);
    header.writeDoubleLE(start, 8);
    header.writeDoubleLE(firstSequence, 16);
    this.append(header);
    return segment;
  }

  /** Appends to the active segment; returns the position of the first byte. */
  append(bytes: Buffer): number {
    const segment = this.active as Segment;
    const position = segment.start + segment.size;
    segment.size += bytes.length;
    this.#tail.push({ segment, position, bytes });
    this.#tailBytes += bytes.length;
    this.#flushIn(FLUSH_DELAY_MS);
    return position;
  }

  /** What the disk refuses is tried again until it is taken. */
  #flushIn(ms: number): void {
    this.#timer ??= setTimeout(() => void this.flush().catch(() => this.#flushIn(RETRY_MS)), ms);
  }

  /** Resolves when everything appended before the call is in the files; rejects if the disk refuses. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { active } = this;
    // What comes meanwhile has a timer of its own: following it would make a write of every few events.
    const end = active === undefined ? 0 : active.start + active.size;
    while ((this.#tail[0]?.position ?? Infinity) < end) {
      this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
      await this.#draining;
    }
  }

  async #drain(): Promise<void> {
    const { segment, from, data } = this.#nextWrite();
    try {
      await this.#files.use(segment.path, READ_WRITE_CREATE, (file) => writeAll(file, data, from - segment.start));
    } catch (error) {
      if (!this.#refused) this.#problem(`cannot write ${segment.path}: ${(error as Error).message}`);
      this.#refused = true;
      throw error;
    }
    this.#refused = false;
    this.#written(from + data.length);
  }

  /** Writes all that waits before it returns: how a writer faster than the disk is held back. Throws if the disk refuses. */
  flushNow(): void {
    while (this.#tail.length > 0) {
      const { segment, from, data } = this.#nextWrite();
      const file = openSync(segment.path, READ_WRITE_CREATE);
      try {
        for (let done = 0; done < data.length;) {
          done += writeSync(file, data, done, data.length - done, from - segment.start + done);
        }
      } finally {
        closeSync(file);
      }
      this.#written(from + data.length);
    }
  }

  /** What waits for one segment, up to a few megabytes of it. */
  #nextWrite(): { segment: Segment; from: number; data: Buffer } {
    const first = this.#tail[0] as Chunk;
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (const chunk of this.#tail) {
      if (bytes >= MAX_WRITE || chunk.segment !== first.segment) break;
      chunks.push(chunk.bytes);
      bytes += chunk.bytes.length;
    }
    return {
      segment: first.segment,
      from: first.position,
      data: chunks.length === 1 ? first.bytes : Buffer.concat(chunks, bytes),
    };
  }

  /** Forgets what lies before `position`. A write that ended late finds that another has done its work already. */
  #written(position: number): void {
    let count = 0;
    while (count < this.#tail.length && (this.#tail[count] as Chunk).position < position) {
      this.#tailBytes -= (this.#tail[count++] as Chunk).bytes.length;
    }
    this.#tail.splice(0, count);
  }

  /** Reads `length` bytes from `position` on, all within one segment, from disk or, if they are not there yet, from memory. */
  async read(position: number, length: number): Promise<Buffer> {
    const segment = this.at(position);
    const onDisk = this.#tail[0]?.position ?? Infinity;
    const target = Buffer.allocUnsafe(length);
    for (const chunk of this.#tail) {
      const from = Math.max(position, chunk.position);
      const to = Math.min(position + length, chunk.position + chunk.bytes.length);
      if (from < to) chunk.bytes.copy(target, from - position, from - chunk.position, to - chunk.position);
    }
    const fromDisk = Math.min(length, onDisk - position);
    if (fromDisk > 0) {
      await this.#files.use(segment.path, "r+", (file) => readAll(file, target.subarray(0, fromDisk), position - segment.start));
    }
    return target;
  }

  /** The segment that holds `position`. */
  at(position: number): Segment {
    let low = 0;
    let high = this.list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.list[middle] as Segment).start <= position) low = middle;
      else high = middle - 1;
    }
    return this.list[low] as Segment;
  }

  /** Removes the first `count` segments and their files. */
  async drop(count: number): Promise<void> {
    await this.flush();
    const gone = this.list.splice(0, count);
    const paths = new Set(gone.map((segment) => segment.path));
    await this.#files.close((path) => paths.has(path));
    for (const path of paths) await rm(path, { force: true });
  }

  /** Drops what has not been written and closes the files: the group is being deleted. */
  async discard(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#draining?.catch(() => undefined);
    this.#tail = [];
    this.#tailBytes = 0;
    await this.#files.close((path) => path.startsWith(this.#folder));
  }

  /** Names of the segment files on disk, oldest first. */
  static files(folder: string): string[] {
    return readdirSync(folder)
      .filter((name) => /^\d{16}\.log$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  }
}

async function writeAll(file: number, data: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < data.length;) {
    done += await new Promise<number>((resolve, reject) =>
      write(file, data, done, data.length - done, offset + done, (error, bytes) => (error ? reject(error) : resolve(bytes))),
    );
  }
}

async function readAll(file: number, target: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const bytes = await new Promise<number>((resolve, reject) =>
      read(file, target, done, target.length - done, offset + done, (error, count) => (error ? reject(error) : resolve(count))),
    );
    if (bytes === 0) throw new Error("the log file ends before its index does");
    done += bytes;
  }
}
