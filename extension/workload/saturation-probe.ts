/** Whether this machine had CPU to spare while something was measured on it. Where it had none, times say nothing about what was measured. */
import { cpus } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";

export interface Saturation {
  /** Share of all processors that was in use, 0 to 1. */
  busy: number;
  /** ms by which timers of this process came late, median. */
  late: number;
  saturated: boolean;
}

export interface SaturationProbe {
  stop(): Saturation;
}

/** Above this little is left for whatever comes next, and queues begin. */
const BUSY = 0.92;
/** ms: a client whose own timers are this late measures itself. */
const LATE = 20;
const RESOLUTION_MS = 10;

export function startSaturationProbe(): SaturationProbe {
  const before = processorTimes();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  return {
    stop() {
      delay.disable();
      const after = processorTimes();
      const total = after.total - before.total;
      const busy = total > 0 ? 1 - (after.idle - before.idle) / total : 0;
      // Without a sample, as in a block of a few ms, the percentile is no number.
      const late = delay.count > 0 ? Math.max(0, delay.percentile(50) / 1e6 - RESOLUTION_MS) : 0;
      return { busy, late, saturated: busy >= BUSY || late >= LATE };
    },
  };
}

function processorTimes(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.idle + times.user + times.nice + times.sys + times.irq;
  }
  return { idle, total };
}
