import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that `fusionize` and `fusionize/handler` stand for inside a function. */
export interface RuntimeFiles {
  library: string;
  handler: string;
}

/**
 * The runtime that this program ships, never one that the app has installed, so that handler and deployer never differ:
 * `runtime/*.mjs` beside the bundle this code is in (`dist/`), or the source when this runs from source.
 */
export function runtimeFiles(from: string = dirname(fileURLToPath(import.meta.url))): RuntimeFiles {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const extension of ["ts", "mjs"]) {
      const handler = join(folder, "runtime", `handler.${extension}`);
      const library = join(folder, "runtime", `index.${extension}`);
      if (existsSync(handler) && existsSync(library)) return { library, handler };
    }
    if (folder === dirname(folder)) throw new Error(`no runtime/handler above ${from}: this installation is incomplete`);
  }
}
