import { nodeFlags, startEnvironment } from "./environment.ts";
import type { Revision } from "./revision.ts";
import { isCustom, RuntimeApiWorker } from "./runtime-api.ts";
import { nodeLaunch, Worker } from "./worker.ts";
import type { WorkerHost } from "./worker.ts";

const mostKinds = 4;
/** Waits in ms before another process is started ahead of need: after one that was, and after a request that had to start its own. */
const rest = { renewMs: 15, missMs: 150 };

/**
 * Processes started ahead of need, so that a new instance has only its function's code to load. They are kept by command-line flags (which follow from the
 * memory size) for the sizes used last, and renewed when no start is under way.
 */
export class Spares {
  private readonly host: WorkerHost;
  private readonly perKind: number;
  private readonly waiting = new Map<string, { flags: string[]; workers: Worker[] }>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** `perKind` processes are kept ready for each set of flags; 0 keeps none. */
  constructor(host: WorkerHost, perKind: number) {
    this.host = host;
    this.perKind = perKind;
  }

  /** Announces that instances of this kind will be needed; `atOnce` starts the first process without a rest. */
  prepare(settings: Revision["settings"], atOnce = false): void {
    if (this.perKind === 0 || isCustom(settings) || Object.keys(startEnvironment(settings)).length > 0) return;
    const flags = nodeFlags(settings);
    const key = flags.join(" ");
    const kind = this.waiting.get(key) ?? { flags, workers: [] };
    this.waiting.delete(key);
    this.waiting.set(key, kind);
    for (const [old, { workers }] of this.waiting) {
      if (this.waiting.size <= mostKinds) break;
      for (const worker of workers) worker.kill();
      this.waiting.delete(old);
    }
    if (atOnce && kind.workers.length === 0) kind.workers.push(new Worker(this.host, nodeLaunch(this.host, flags)));
    this.renewSoon();
  }

  take(revision: Revision): Worker {
    if (isCustom(revision.settings)) return new RuntimeApiWorker(this.host, revision);
    const own = startEnvironment(revision.settings);
    const flags = nodeFlags(revision.settings);
    if (Object.keys(own).length > 0) return new Worker(this.host, nodeLaunch(this.host, flags, own));
    this.prepare(revision.settings);
    const workers = this.waiting.get(flags.join(" "))?.workers ?? [];
    for (let worker = workers.pop(); worker !== undefined; worker = workers.pop()) if (!worker.gone) return worker;
    this.renewSoon(rest.missMs);
    return new Worker(this.host, nodeLaunch(this.host, flags));
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    for (const { workers } of this.waiting.values()) for (const worker of workers) worker.kill();
    this.waiting.clear();
  }

  /** One process at a time, after a short rest: starting them must not compete with the requests that took the last ones. */
  private renewSoon(waitMs: number = rest.renewMs): void {
    if (this.closed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      for (const kind of this.waiting.values()) {
        kind.workers = kind.workers.filter((worker) => !worker.gone);
        if (kind.workers.length >= this.perKind) continue;
        kind.workers.unshift(new Worker(this.host, nodeLaunch(this.host, kind.flags)));
        return this.renewSoon();
      }
    }, waitMs).unref();
  }
}
