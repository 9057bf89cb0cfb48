import { calibration } from "../../calibration.ts";

/** Quota in µs for each period of 20 ms: 1769 MB buy a whole CPU. The kernel takes no less than 1 ms. */
export function quotaOf(memoryMb: number): number {
  return Math.max(1_000, Math.round((calibration.cpuPeriodUs * memoryMb) / calibration.memoryPerCpuMb));
}
