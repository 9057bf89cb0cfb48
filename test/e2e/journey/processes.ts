/** Which processes belong to a run: followed while it lives, so that those which lost their parent are known too. Linux only. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

export interface Process {
  pid: number;
  parent: number;
  command: string;
  /** Clock ticks since boot at its start: tells a process from a later one with the same pid. */
  started: string;
}

export const canFollow = existsSync("/proc/self/stat");

/** A zombie has ended; that nobody asked for its exit code is not our matter. */
function read(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, parent: Number(fields[1]), command, started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

function all(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)) ?? []);
}

/** Everything below a process, however deep. */
export function descendants(root: number): Process[] {
  const processes = all();
  const found = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const { pid, parent } of processes) {
      if (!found.has(parent) || found.has(pid)) continue;
      found.add(pid);
      grew = true;
    }
  }
  return processes.filter(({ pid }) => pid !== root && found.has(pid));
}

export const alive = ({ pid, started }: Process): boolean => read(pid)?.started === started;

/** Collects everything that ever ran below a process. */
export class Followed {
  readonly seen = new Map<string, Process>();
  readonly #root: number;
  readonly #timer: NodeJS.Timeout;

  constructor(root: number) {
    this.#root = root;
    this.#timer = setInterval(() => this.look(), 200);
    this.look();
  }

  look(): void {
    for (const process of descendants(this.#root)) this.seen.set(`${process.pid} ${process.started}`, process);
  }

  living(): Process[] {
    this.look();
    return [...this.seen.values()].filter(alive);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
