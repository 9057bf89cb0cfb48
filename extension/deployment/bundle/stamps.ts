import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Absolute path -> what tells one state of the file from another; `-` while there is none. */
export type Stamps = Map<string, string>;

/** What package managers rewrite whenever they change installed packages, so that those need not be looked at one by one. */
const INSTALL_MARKS = [".package-lock.json", ".modules.yaml", ".yarn-state.yml"];

/** Stamps of what a build read: source files one by one, installed packages by their package manager's mark. */
export async function stampFiles(folder: string, inputs: readonly string[]): Promise<Stamps> {
  const paths = new Set([join(folder, "tsconfig.json"), join(folder, "package.json")]);
  for (const input of inputs) {
    if (/^[\w-]+:/.test(input) && !/^[A-Za-z]:[\\/]/.test(input)) continue;
    const path = resolve(folder, input);
    const installed = /^(.*?[\\/]node_modules)[\\/]/.exec(path)?.[1];
    if (installed === undefined) paths.add(path);
    else for (const mark of INSTALL_MARKS) paths.add(join(installed, mark));
  }
  return new Map(await Promise.all([...paths].map(async (path) => [path, await stamp(path)] as const)));
}

export async function sameStamps(stamps: Stamps): Promise<boolean> {
  const same = await Promise.all([...stamps].map(async ([path, before]) => (await stamp(path)) === before));
  return same.every(Boolean);
}

async function stamp(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : "-";
}
