import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Code } from "./model.ts";
import { unpackZip } from "./zip.ts";

/** Deployed archives and their unpacked folders, kept by content, so functions and versions with equal code share them. */
export class CodeStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Unpacks an archive, unless it is there. Throws the service's errors for a bad one. */
  async add(zip: Buffer): Promise<Code> {
    const digest = createHash("sha256").update(zip).digest();
    const folder = digest.toString("hex");
    if (!existsSync(this.root(folder))) {
      const work = join(this.directory, `.${folder}.${process.pid}.${Math.random().toString(36).slice(2)}`);
      await mkdir(work, { recursive: true });
      try {
        await unpackZip(zip, work);
        await writeFile(this.archive(folder), zip);
        await rename(work, this.root(folder));
      } catch (error) {
        await rm(work, { recursive: true, force: true });
        if (!existsSync(this.root(folder))) throw error;
      }
    }
    return { sha256: digest.toString("base64"), size: zip.length, folder };
  }

  root(folder: string): string {
    return join(this.directory, folder);
  }

  archive(folder: string): string {
    return join(this.directory, `${folder}.zip`);
  }

  /** Removes what no version refers to, and what a crash left half unpacked. */
  async collect(used: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.directory).catch(() => [])) {
      if (!used.has(name.replace(/\.zip$/, ""))) await rm(join(this.directory, name), { recursive: true, force: true });
    }
  }
}
