/** Bundles the emulator: its own process, and the program that its instances run, side by side. */
import { build } from "esbuild";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));

/** @param {{ outdir: string, dev?: boolean }} options */
export async function buildEmulator({ outdir, dev = false }) {
  await build({
    absWorkingDir: folder,
    entryPoints: { main: join(folder, "main.ts"), bootstrap: join(folder, "instance/bootstrap.ts") },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    sourcemap: dev,
    minify: !dev,
    // Functions that are handed to other threads as text must not refer to helpers of the bundler.
    keepNames: false,
    legalComments: "none",
    logLevel: "warning",
  });
}
