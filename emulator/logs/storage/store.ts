import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type GroupSettings, LogGroup } from "./group.ts";
import { OpenFiles } from "./open-files.ts";
import { restore } from "./restore.ts";
import { Segments } from "./segments.ts";

const SETTINGS = "group.json";
const TRASH = ".deleted-";

/** All log groups under one folder. Settings are read at once, a group's events when it is first touched. */
export class LogStore {
  readonly #folder: string;
  readonly #files = new OpenFiles();
  readonly #problem: (message: string) => void;
  readonly #settings = new Map<string, GroupSettings>();
  readonly #groups = new Map<string, LogGroup>();
  #trash = 0;

  constructor(folder: string, problem: (message: string) => void) {
    this.#folder = folder;
    this.#problem = problem;
    mkdirSync(folder, { recursive: true });
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.name.startsWith(TRASH)) rmSync(path, { recursive: true, force: true });
      else if (entry.isDirectory()) this.#readSettings(path);
    }
  }

  #readSettings(path: string): void {
    try {
      const settings = JSON.parse(readFileSync(join(path, SETTINGS), "utf8")) as GroupSettings;
      this.#settings.set(settings.name, settings);
    } catch (error) {
      // A group whose creation was cut off has no settings yet and nobody was told that it exists.
      this.#problem(`ignoring ${path}: ${(error as Error).message}`);
    }
  }

  /** Names of all groups in ASCII order. */
  names(): string[] {
    return [...this.#settings.keys()].sort();
  }

  settings(name: string): GroupSettings | undefined {
    return this.#settings.get(name);
  }

  group(name: string): LogGroup | undefined {
    const loaded = this.#groups.get(name);
    if (loaded) return loaded;
    const settings = this.#settings.get(name);
    return settings && this.#open(settings);
  }

  create(settings: GroupSettings): LogGroup {
    const path = this.#path(settings.name);
    // What stands there without settings is of a creation that was cut off; with settings that cannot be read, a group whose events are kept.
    if (!existsSync(join(path, SETTINGS))) rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true });
    this.saveSettings(settings);
    this.#settings.set(settings.name, settings);
    return this.#open(settings);
  }

  /** Replaces the settings file as a whole, so that a crash leaves the old one or the new one. */
  saveSettings(settings: GroupSettings): void {
    const path = join(this.#path(settings.name), SETTINGS);
    writeFileSync(`${path}.new`, JSON.stringify(settings));
    renameSync(`${path}.new`, path);
  }

  async delete(name: string): Promise<void> {
    const group = this.#groups.get(name);
    this.#settings.delete(name);
    this.#groups.delete(name);
    if (group) group.deleted = true;
    // Out of the way first: a crash from here on leaves only a folder that the next start removes.
    const trash = join(this.#folder, `${TRASH}${process.pid}-${Date.now()}-${this.#trash++}`);
    await group?.segments.discard();
    await rename(this.#path(name), trash);
    await rm(trash, { recursive: true, force: true });
  }

  loaded(): IterableIterator<LogGroup> {
    return this.#groups.values();
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#groups.values()].map((group) => group.segments.flush()));
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#files.close();
    }
  }

  #open(settings: GroupSettings): LogGroup {
    const path = this.#path(settings.name);
    const group = new LogGroup(settings, new Segments(path, this.#files, this.#problem));
    restore(group, Segments.files(path), this.#problem);
    this.#groups.set(settings.name, group);
    return group;
  }

  /** Group names hold slashes, may differ by case only and be longer than a file name: the hash keeps folders apart. */
  #path(name: string): string {
    const readable = name.replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 80);
    return join(this.#folder, `${readable}-${createHash("sha256").update(name).digest("hex").slice(0, 16)}`);
  }
}
