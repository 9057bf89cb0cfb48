import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { rmdir, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { calibration } from "../../calibration.ts";
import type { Guard } from "../guard.ts";
import { quotaOf } from "./quota.ts";
import type { CpuShare, CpuSlot } from "./share.ts";

const prefix = "fusionize-emulator-";

/** What differs between the two versions of the kernel's interface. */
interface Flavour {
  kind: "cgroup-v1" | "cgroup-v2";
  /** Folder that can hold our group. */
  base: string;
  setQuota(folder: string, quotaUs: number | undefined): void;
  /** Weight against others when the processors do not suffice, in thousandths of the default. */
  setWeight(folder: string, thousandths: number): void;
}

/**
 * CPU shares kept by the kernel, one group per process; undefined where no group can be made. Groups of dead emulators are removed on the way. `remove` removes
 * a group's folder: the kernel's, with all its files.
 */
export function cgroupShare(
  guard: Pick<Guard, "watchFolder">,
  root = "/sys/fs/cgroup",
  remove: (folder: string) => void = rmdirSync,
): CpuShare | undefined {
  if (process.platform !== "linux") return undefined;
  for (const flavour of flavours(root)) {
    const top = join(flavour.base, `${prefix}${process.pid}`);
    try {
      removeLeftovers(flavour.base);
      mkdirSync(top);
      if (flavour.kind === "cgroup-v2") writeFileSync(join(top, "cgroup.subtree_control"), "+cpu");
      probe(flavour, top, remove);
      // All instances together would else weigh as much as one other process.
      flavour.setWeight(top, 1_000 * availableParallelism());
    } catch {
      removeGroup(top);
      continue;
    }
    guard.watchFolder(top);
    return new CgroupShare(flavour, top);
  }
  return undefined;
}

class CgroupShare implements CpuShare {
  readonly kind: Flavour["kind"];
  private readonly flavour: Flavour;
  private readonly top: string;
  private readonly removals = new Set<Promise<void>>();

  constructor(flavour: Flavour, top: string) {
    this.kind = flavour.kind;
    this.flavour = flavour;
    this.top = top;
  }

  slot(pid: number): CpuSlot {
    const folder = join(this.top, String(pid));
    mkdirSync(folder, { recursive: true });
    // Moving a process waits for a grace period of the kernel; the event loop must not.
    const moved = writeFile(join(folder, "cgroup.procs"), String(pid)).catch(() => undefined);
    return {
      limit: (memoryMb) => {
        try {
          this.flavour.setQuota(folder, memoryMb === undefined ? undefined : quotaOf(memoryMb));
          this.flavour.setWeight(folder, memoryMb === undefined ? 1_000 : (1_000 * memoryMb) / calibration.memoryPerCpuMb);
        } catch {
          // The process has ended, and its group with it.
        }
      },
      release: () => {
        const removal = moved.then(() => removeSoon(folder)).finally(() => this.removals.delete(removal));
        this.removals.add(removal);
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.removals);
    await removeSoon(this.top);
  }
}

function flavours(root: string): Flavour[] {
  const found: Flavour[] = [];
  for (const base of [join(root, "cpu"), join(root, "cpu,cpuacct")]) {
    if (!existsSync(join(base, "cpu.cfs_quota_us"))) continue;
    found.push({
      kind: "cgroup-v1",
      base,
      setQuota(folder, quotaUs) {
        writeFileSync(join(folder, "cpu.cfs_period_us"), String(calibration.cpuPeriodUs));
        writeFileSync(join(folder, "cpu.cfs_quota_us"), String(quotaUs ?? -1));
      },
      setWeight: (folder, thousandths) =>
        writeFileSync(join(folder, "cpu.shares"), String(Math.max(2, Math.round(thousandths * 1.024)))),
    });
  }
  for (const base of unifiedBases(root)) {
    found.push({
      kind: "cgroup-v2",
      base,
      setQuota: (folder, quotaUs) => writeFileSync(join(folder, "cpu.max"), `${quotaUs ?? "max"} ${calibration.cpuPeriodUs}`),
      setWeight: (folder, thousandths) =>
        writeFileSync(join(folder, "cpu.weight"), String(Math.min(10_000, Math.max(1, Math.round(thousandths / 10))))),
    });
  }
  return found;
}

/** Groups of the second version that may hold ours: the root, and every one above the emulator's own that hands on the CPU controller, nearest first. */
function unifiedBases(root: string): string[] {
  if (!existsSync(join(root, "cgroup.controllers"))) return [];
  const own = /^0::(.*)$/m.exec(readText("/proc/self/cgroup"))?.[1] ?? "/";
  const bases: string[] = [];
  for (let path = own; ; path = path.slice(0, path.lastIndexOf("/"))) {
    const base = join(root, path);
    if (readText(join(base, "cgroup.subtree_control")).split(/\s/).includes("cpu")) bases.push(base);
    if (path === "" || path === "/") return bases;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Makes sure that a quota can really be set. */
function probe(flavour: Flavour, top: string, remove: (folder: string) => void): void {
  const folder = join(top, "probe");
  mkdirSync(folder);
  flavour.setQuota(folder, 5_000);
  remove(folder);
}

/** Groups whose emulator is gone were left by a kill of it and of its guard at once. */
function removeLeftovers(base: string): void {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(prefix) || existsSync(`/proc/${name.slice(prefix.length)}`)) continue;
    removeGroup(join(base, name));
  }
}

function removeGroup(top: string): void {
  if (!existsSync(top)) return;
  for (const entry of readdirSync(top, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const pid of readText(join(top, entry.name, "cgroup.procs")).split("\n")) {
      if (pid !== "") tryTo(() => process.kill(Number(pid), "SIGKILL"));
    }
    tryTo(() => rmdirSync(join(top, entry.name)));
  }
  tryTo(() => rmdirSync(top));
}

function tryTo(action: () => void): void {
  try {
    action();
  } catch {
    // Already gone, or still in use; the next start tries again.
  }
}

/** A group can be removed only when its last process is reaped, which takes the kernel a moment. */
async function removeSoon(folder: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
