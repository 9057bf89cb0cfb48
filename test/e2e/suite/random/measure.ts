/** What a leak would show in: of the extension host, in which nothing else but VS Code runs. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

export interface Measured {
  /** After collecting garbage. */
  heapMb: number;
  /** Open handles: sockets, timers, child processes, watchers. */
  handles: number;
  /** Listeners on the process. */
  listeners: number;
}

export function measure(): Measured {
  setFlagsFromString("--expose_gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const handles = process.getActiveResourcesInfo().filter((kind) => kind !== "Immediate" && kind !== "Timeout");
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { heapMb: Math.round(process.memoryUsage().heapUsed / 1_048_576), handles: handles.length, listeners };
}
