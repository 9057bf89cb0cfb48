import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const pageBytes = 4096;
const scratch = Buffer.alloc(128);

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

/** Highest resident size since the start of a Linux process, in bytes. */
export function readPeak(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return line === null ? undefined : Number(line[1]) * 1024;
  } catch {
    return undefined;
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
  private readonly intervalMs = 20;

  /** Watches a process until the returned function is called. */
  watch(pid: number, limitMb: number, exceeded: () => void): () => void {
    const entry = { pid, limitBytes: limitMb * 1_048_576, exceeded };
    this.watched.add(entry);
    this.timer ??= setInterval(() => this.look(), this.intervalMs).unref();
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
