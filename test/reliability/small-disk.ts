/** A file system of a few megabytes that can really be filled: a tmpfs of its own, which only root may mount. */
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const mount = (folder: string, megabytes: number): boolean =>
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]).status === 0;

export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static make(megabytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), "reliability-disk-"));
    if (mount(folder, megabytes)) return new SmallDisk(folder);
    rmSync(folder, { recursive: true });
    throw new Error("A file system could not be mounted.");
  }

  /** Writes until nothing fits any more, then gives back `spare` bytes. */
  fill(spare = 0): void {
    const file = openSync(join(this.folder, "filler"), "w");
    let written = 0;
    try {
      for (const size of [65_536, 4_096, 256, 1]) {
        const block = Buffer.alloc(size);
        try {
          for (;;) written += writeSync(file, block);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        }
      }
    } finally {
      closeSync(file);
    }
    if (spare > 0) spawnSync("truncate", ["-s", String(Math.max(0, written - spare)), join(this.folder, "filler")]);
  }

  free(): void {
    rmSync(join(this.folder, "filler"), { force: true });
  }

  remove(): void {
    spawnSync("umount", ["-l", this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  sub(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** Why no file system can be filled here; undefined where it can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== "linux") return "a small file system is mounted on Linux only";
  try {
    SmallDisk.make(1).remove();
    return undefined;
  } catch {
    return "this user may not mount a file system";
  }
}
