import type { OutputFile } from "esbuild";
import { basename } from "node:path";
import { withoutSources } from "./source-map.ts";

/**
 * Lambda's entry point. It switches source maps on before the function's code is loaded, which is the only moment at which
 * that has an effect without changing the environment of every function.
 */
const INDEX = `process.setSourceMapsEnabled(true);\nexport const { handler } = await import("./function.mjs");\n`;

/** Files of the zip, apart from a client that was built beforehand. */
export function packageFiles(outputs: readonly OutputFile[]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = { "index.mjs": Buffer.from(INDEX) };
  for (const { path, contents, text } of outputs) {
    const name = basename(path);
    files[name] = name.endsWith(".map") ? Buffer.from(withoutSources(text, isInstalled)) : contents;
  }
  return files;
}

function isInstalled(source: string): boolean {
  return source.includes("node_modules/") || /^[\w-]+:/.test(source);
}
