import { closeSync, openSync, readSync } from "node:fs";

const pageBytes = 4096;
const scratch = Buffer.alloc(128);
/** Interval of looks at the memory of busy processes, in ms: at 20 ms a fast allocation overshoots its limit by 1 to 28 MB. */
const lookEveryMs = 20;

/** Memory of a process in bytes. `resident` is what REPORT shows; `own` leaves out file-backed pages, which all instances share. */
export interface MemoryUse {
  resident: number;
  own: number;
}

/** Reads a Linux process' memory (about 10 µs); undefined elsewhere or when it is gone. */
export function readMemory(pid: number): MemoryUse | undefined {
  if (process.platform !== "linux") return undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`/proc/${pid}/statm`, "r");
    const [, resident = 0, shared = 0] = scratch
      .toString("latin1", 0, readSync(descriptor, scratch, 0, scratch.length, 0))
      .split(" ")
      .map(Number);
    return { resident: resident * pageBytes, own: (resident - shared) * pageBytes };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Highest resident size of a Linux process since its start, in bytes. The file stays open, which halves the cost of a look (to about 10 µs). */
export class PeakMemory {
  private readonly descriptor: number | undefined;
  private readonly text = Buffer.alloc(2_048);
  private lookedAt = Number.NEGATIVE_INFINITY;
  private last: number | undefined;

  constructor(pid: number) {
    if (process.platform !== "linux") return;
    try {
      this.descriptor = openSync(`/proc/${pid}/status`, "r");
    } catch {
      // Gone already: there is nothing to report.
    }
  }

  /** A look costs about 10 µs; under a storm of short requests the last one is good for as long as the memory watch looks anyway. */
  read(fresh = false): number | undefined {
    if (this.descriptor === undefined) return undefined;
    const now = performance.now();
    if (!fresh && now - this.lookedAt < lookEveryMs) return this.last;
    this.lookedAt = now;
    this.last = this.look() ?? this.last;
    return this.last;
  }

  private look(): number | undefined {
    if (this.descriptor === undefined) return undefined;
    try {
      const status = this.text.toString("latin1", 0, readSync(this.descriptor, this.text, 0, this.text.length, 0));
      const at = status.indexOf("VmHWM:");
      return at < 0 ? undefined : Number.parseInt(status.slice(at + 6), 10) * 1_024;
    } catch {
      return undefined;
    }
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
  }
}

interface Watched {
  pid: number;
  limitBytes: number;
  exceeded(): void;
}

/**
 * Looks at the memory of busy processes every few ms and reports those over their limit. Only their own pages count against it: the program text of Node
 * (about 35 MB, shared) is in neither AWS's free room nor ours, and what AWS runs at 128 MB must run here.
 */
export class MemoryWatch {
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  /** Watches a process until the returned function is called. */
  watch(pid: number, limitMb: number, exceeded: () => void): () => void {
    const entry = { pid, limitBytes: limitMb * 1_048_576, exceeded };
    this.watched.add(entry);
    this.timer ??= setInterval(() => this.look(), lookEveryMs).unref();
    return () => {
      this.watched.delete(entry);
    };
  }

  private look(): void {
    if (this.watched.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    for (const entry of this.watched) {
      const use = readMemory(entry.pid);
      if (use !== undefined && use.own > entry.limitBytes) {
        this.watched.delete(entry);
        entry.exceeded();
      }
    }
  }
}
