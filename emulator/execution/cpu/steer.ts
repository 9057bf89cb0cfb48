import { Worker } from "node:worker_threads";
import { calibration } from "../../calibration.ts";
import { quotaOf } from "./quota.ts";
import { controller } from "./steer-controller.ts";
import type { CpuShare } from "./share.ts";

const mostSlots = 4_096;

/**
 * CPU shares kept by stopping and continuing each process against its own CPU clock, for machines where no cgroup can be written. The controller has a
 * thread of its own, so that a busy emulator does not delay it. Undefined where the kernel does not show a process' CPU time (macOS, Windows).
 */
export function steeredShare(): CpuShare | undefined {
  if (process.platform !== "linux") return undefined;
  // One number per slot: the quota in µs, 0 = no limit, -1 = stopped by others.
  const quotas = new Int32Array(new SharedArrayBuffer(4 * mostSlots));
  const thread = new Worker(`(${controller.toString()})(require)`, {
    eval: true,
    workerData: { quotas, periodMs: calibration.cpuPeriodUs / 1_000 },
  });
  thread.unref();
  const free = Array.from({ length: mostSlots }, (_, index) => mostSlots - 1 - index);
  return {
    kind: "steer",
    slot(pid) {
      const index = free.pop();
      if (index === undefined) return undefined;
      let quota = 0;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      thread.postMessage({ pid, index });
      return {
        limit(memoryMb) {
          quota = memoryMb === undefined || memoryMb >= calibration.memoryPerCpuMb * 8 ? 0 : quotaOf(memoryMb);
          Atomics.store(quotas, index, quota);
        },
        frozen: (yes) => void Atomics.store(quotas, index, yes ? -1 : quota),
        release() {
          Atomics.store(quotas, index, 0);
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
          thread.postMessage({ gone: pid });
          free.push(index);
        },
      };
    },
    close: async () => void (await thread.terminate()),
  };
}
