/**
 * Bundles the page: `panel.js` (one IIFE), `panel.css`, and ELK's worker, unmodified and with its licence notice,
 * as a file of its own so that layout never blocks the page.
 */
import { build } from "esbuild";
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/**
 * @param {{ outdir: string, dev?: boolean }} options `outdir` is made if missing; `dev` keeps names and adds source maps
 * @returns {Promise<string[]>} the files written, absolute or relative as `outdir` is
 */
export async function buildWebview({ outdir, dev = false }) {
  await mkdir(outdir, { recursive: true });
  await build({
    entryPoints: [
      { in: join(here, "main.ts"), out: "panel" },
      { in: join(here, "styles/panel.css"), out: "panel" },
    ],
    outdir,
    bundle: true,
    format: "iife",
    platform: "browser",
    target: ["chrome128", "firefox128"],
    minify: !dev,
    sourcemap: dev ? "inline" : false,
    legalComments: "linked",
    loader: { ".svg": "text" },
    logLevel: "warning",
  });
  await copyFile(require.resolve("elkjs/lib/elk-worker.min.js"), join(outdir, "elk-worker.min.js"));
  await copyFile(join(dirname(require.resolve("elkjs/package.json")), "LICENSE.md"), join(outdir, "elk-worker.LICENSE.md"));
  return ["panel.js", "panel.css", "elk-worker.min.js", "elk-worker.LICENSE.md"].map((file) => join(outdir, file));
}
