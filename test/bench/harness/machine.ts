import { execFileSync } from "node:child_process";
import { arch, cpus, platform, release, totalmem } from "node:os";
import { setTimeout as wait } from "node:timers/promises";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  readonly commit: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    commit: commit(),
  };
}

function commit(): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return (
      git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") === "" ? "" : " with changes")
    );
  } catch {
    return "unknown";
  }
}

/** Since the start, in ms over all cores; `yielding` is the part of `busy` that ran at low priority and gives way to everything else. */
export interface ProcessorTimes {
  busy: number;
  yielding: number;
  all: number;
}

export function processorTimes(): ProcessorTimes {
  let busy = 0;
  let yielding = 0;
  let all = 0;
  for (const { times: core } of cpus()) {
    const sum = core.user + core.nice + core.sys + core.idle + core.irq;
    all += sum;
    busy += sum - core.idle;
    yielding += core.nice;
  }
  return { busy, yielding, all };
}

/** The share of all cores that was busy between two readings. */
export function busyBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  return after.all === before.all ? 0 : (after.busy - before.busy) / (after.all - before.all);
}

/** The same of what ran at low priority. */
export function yieldingBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  return after.all === before.all ? 0 : (after.yielding - before.yielding) / (after.all - before.all);
}

/** The share of all cores that is busy while this process waits: what others take. */
export async function backgroundLoad(ms: number): Promise<number> {
  const before = processorTimes();
  await wait(ms);
  return busyBetween(before, processorTimes());
}
