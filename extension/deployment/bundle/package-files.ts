import type { OutputFile } from "esbuild";
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { withoutSources } from "./source-map.ts";

/**
 * Lambda's entry point. It switches source maps on before the function's code is loaded, which is the only moment at which
 * that has an effect without changing the environment of every function.
 */
const INDEX = `process.setSourceMapsEnabled(true);\nexport const { handler } = await import("./function.mjs");\n`;

/** A module that several others share, as esbuild names it. */
const CHUNK = /-([A-Z0-9]{8})\.mjs/g;
const MASK = "00000000";

/**
 * Files of the zip, apart from a client that was built beforehand. `isOwn` tells sources that a developer wants to see in
 * a stack trace; other places on the machine, which differ from one to the next, leave no mark.
 */
export function packageFiles(outputs: readonly OutputFile[], isOwn: (source: string) => boolean): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = { "index.mjs": Buffer.from(INDEX) };
  const rename = chunkNames(outputs);
  for (const { path, text } of outputs) {
    const content = path.endsWith(".map") ? withoutSources(text, (source) => !isOwn(source)) : text;
    files[rename(basename(path))] = Buffer.from(rename(content));
  }
  return files;
}

/** esbuild names chunks by a hash of the paths of what is inside; by their contents they are named alike everywhere. */
function chunkNames(outputs: readonly OutputFile[]): (text: string) => string {
  const names = new Map<string, string>();
  for (const { path, text } of outputs) {
    const hash = new RegExp(CHUNK).exec(basename(path))?.[1];
    if (hash === undefined || path.endsWith(".map")) continue;
    const digest = createHash("sha256")
      .update(text.replace(CHUNK, `-${MASK}.mjs`))
      .digest("hex");
    names.set(hash, digest.slice(0, MASK.length).toUpperCase());
  }
  if (names.size === 0) return (text) => text;
  return (text) => text.replace(CHUNK, (whole, hash: string) => (names.has(hash) ? `-${names.get(hash)}.mjs` : whole));
}
