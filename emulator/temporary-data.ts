import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInUse } from "./lock.ts";

const prefix = "fusionize-emulator-";
/** ms that a folder may be without the number of its process: one that is just being made. */
const youngMs = 60_000;

/** A data folder for this run alone. Those of emulators that were killed, and whom nothing could clean up after, go now. */
export function temporaryData(): string {
  const place = tmpdir();
  for (const name of readdirSync(place).filter((each) => each.startsWith(prefix))) {
    const folder = join(place, name);
    try {
      if (!isInUse(folder) && Date.now() - statSync(folder).mtimeMs > youngMs) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another user's, or gone meanwhile.
    }
  }
  return mkdtempSync(join(place, prefix));
}
