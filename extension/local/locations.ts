/** Where the parts that run as processes of their own lie: beside the source in development, in `dist/` when shipped. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds our `package.json`: two levels above this file, or above the bundle in `dist/`. In a VSIX the README is lowercase. */
export function packageRoot(from: string = import.meta.url): string {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    const readme = existsSync(join(folder, "README.md")) || existsSync(join(folder, "readme.md"));
    if (readme && existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package above ${from}`);
  }
}

/** True when this code runs from `dist/`. */
const bundled = !import.meta.url.endsWith(".ts");

function entry(source: string, shipped: string): string {
  return join(packageRoot(), bundled ? shipped : source);
}

/** Entry of the emulator process. */
export const emulatorEntry = (): string => entry("emulator/main.ts", "dist/emulator/main.mjs");

/** Entry of the process that runs a service of the app and ends it when its own parent has gone. */
export const guardEntry = (): string => entry("extension/local/guard.ts", "dist/guard.mjs");
