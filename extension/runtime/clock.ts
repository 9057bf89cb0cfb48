/** Time and CPU readings, as the monitoring record wants them. */

/** CPU of the process since it started, all threads, vCPU-ms. */
export function processCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The same of the main thread alone; undefined before Node 23.9. */
export const mainThreadCpu: (() => number) | undefined =
  typeof process.threadCpuUsage === "function"
    ? () => {
        const { user, system } = process.threadCpuUsage();
        return (user + system) / 1000;
      }
    : undefined;

/** To µs: finer than the clocks are, and short in the log. */
export const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
