/** Paths that come from the panel are confined to the app's folder. */
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve } from "node:path";

function inside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith("../") && !way.startsWith("..\\") && !isAbsolute(way);
}

/** The absolute path of `file` in `folder`, or undefined when it lies elsewhere, also by way of a symbolic link, or is not there. */
export async function confinedPath(folder: string, file: string): Promise<string | undefined> {
  const path = resolve(folder, file);
  if (!inside(folder, path)) return undefined;
  try {
    const [realFolder, realFile] = await Promise.all([realpath(folder), realpath(path)]);
    return inside(realFolder, realFile) ? path : undefined;
  } catch {
    return undefined;
  }
}
