import { createHash } from "node:crypto";
import { zipSync, type Zippable } from "fflate";

/** The first day that a zip can name; local time, because zip has no time zone. */
const fixedDate = () => new Date(1980, 0, 1, 12);
const UNIX = 3;
const REGULAR_FILE_0644 = 0o100644;

/**
 * A zip whose bytes depend on nothing but names and contents of the files: fixed dates and modes, sorted entries. The
 * compressor is JavaScript because zlib's output differs between processors, and two people must get one CodeSha256.
 * `level` 1 (fast) to 9 (small); it changes the bytes.
 */
export function zip(files: Record<string, Uint8Array>, level: 1 | 6 | 9 = 6): Uint8Array {
  const entries: Zippable = {};
  const mtime = fixedDate();
  for (const name of Object.keys(files).sort()) {
    entries[name] = [files[name]!, { level, mtime, os: UNIX, attrs: REGULAR_FILE_0644 << 16 }];
  }
  return zipSync(entries);
}

/** As Lambda reports it: base64 of the SHA-256 of the zip. */
export function codeSha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
