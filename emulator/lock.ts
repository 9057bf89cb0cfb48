import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Why the emulator cannot start, as a sentence for the user. */
export class StartError extends Error {}

/** Whether the process that has claimed the folder lives. */
export const isInUse = (folder: string): boolean => isEmulator(Number(readText(join(folder, "emulator.pid"))));

/** Claims a data folder for this process; two emulators in one folder would spoil each other's state. Returns what gives it back. Throws StartError. */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "emulator.pid");
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const owner = Number(readText(path));
    if (owner !== process.pid && isEmulator(owner))
      throw new StartError(
        `The data folder ${folder} is in use by another emulator (process ${owner}). Stop it, or choose another folder with --data.`,
      );
    // Left by a process that was killed.
    rmSync(path, { force: true });
  }
}

/** The number may have gone to another program since; where the system shows command lines, they tell. */
function isEmulator(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // One that has ended and waits for its parent has no command line any more.
  if (!existsSync("/proc/self/cmdline")) return true;
  const command = readText(`/proc/${pid}/cmdline`);
  return /main\.(ts|mjs)/.test(command);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
