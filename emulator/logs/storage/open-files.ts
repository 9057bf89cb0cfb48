import { close, open } from "node:fs";
import { promisify } from "node:util";

const openFile = promisify(open);
const closeFile = promisify(close);

interface Entry {
  file: Promise<number>;
  users: number;
}

/** File descriptors by path, the least recently used closed past `capacity`, so that thousands of groups do not exhaust them. */
export class OpenFiles {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry>();

  constructor(capacity = 64) {
    this.#capacity = capacity;
  }

  async use<T>(path: string, flags: string | number, work: (file: number) => Promise<T>): Promise<T> {
    let entry = this.#entries.get(path);
    if (entry) this.#entries.delete(path);
    else entry = { file: openFile(path, flags), users: 0 };
    this.#entries.set(path, entry);
    entry.users++;
    try {
      return await work(await entry.file);
    } catch (error) {
      if (this.#entries.get(path) === entry) this.#entries.delete(path);
      throw error;
    } finally {
      entry.users--;
      if (this.#entries.get(path) !== entry) await this.#release(entry);
      else if (this.#entries.size > this.#capacity) await this.#evict();
    }
  }

  /** Closes the files whose path satisfies `which`; files in use are closed by their last user. */
  async close(which: (path: string) => boolean = () => true): Promise<void> {
    for (const [path, entry] of this.#entries) {
      if (!which(path)) continue;
      this.#entries.delete(path);
      await this.#release(entry);
    }
  }

  async #evict(): Promise<void> {
    for (const [path, entry] of this.#entries) {
      if (this.#entries.size <= this.#capacity) return;
      if (entry.users > 0) continue;
      this.#entries.delete(path);
      await this.#release(entry);
    }
  }

  async #release(entry: Entry): Promise<void> {
    if (entry.users > 0) return;
    // A file that never opened has told its user so; here there is nothing left to close.
    const file = await entry.file.catch(() => undefined);
    if (file !== undefined) await closeFile(file);
  }
}
