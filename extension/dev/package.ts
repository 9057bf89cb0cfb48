/**
 * Packs `dist/` into a VSIX: `node extension/dev/package.ts [--all | --target linux-x64] [--out FOLDER]`. One per platform,
 * because esbuild, the only real dependency, is a native binary. `vsce` runs on a folder of its own that holds exactly what
 * is shipped: it knows either no dependencies or all of them, and refuses a `files` list beside an ignore file.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkVsix } from "./check-vsix.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** VS Code's name of a platform -> esbuild's package for it. They happen to be the same, except for Windows on ARM and such. */
export const targets = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"] as const;
export type Target = (typeof targets)[number];

export const hostTarget = (): Target => {
  const name = `${process.platform}-${process.arch}`;
  const found = targets.find((target) => target === name);
  if (!found) throw new Error(`There is no VSIX for ${name}. Platforms: ${targets.join(", ")}.`);
  return found;
};

interface Manifest {
  name: string;
  version: string;
  [key: string]: unknown;
}

/** Of the npm package only; `vsce` must not see them. */
const notShipped = ["devDependencies", "dependencies", "scripts", "allowScripts", "files", "bin", "exports", "types", "private"];

/** Builds the VSIX of one platform from `dist/`, checks it, and returns its path. */
export async function packageVsix({
  target = hostTarget(),
  out = root,
}: { target?: Target; out?: string } = {}): Promise<string> {
  if (!existsSync(join(root, "dist/extension.cjs"))) throw new Error("dist/ is missing: run `npm run build` first.");
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;
  const stage = await mkdtemp(join(tmpdir(), "fusionize-vsix-"));
  try {
    for (const file of ["README.md", "CHANGELOG.md", "LICENSE", "package.nls.json", "package.nls.de.json", "l10n"]) {
      if (existsSync(join(root, file))) await cp(join(root, file), join(stage, file), { recursive: true });
    }
    await cp(join(root, "dist"), join(stage, "dist"), {
      recursive: true,
      filter: (path) => !path.endsWith(".map") && basename(path) !== ".built",
    });
    for (const file of ["extension/vscode/media", "extension/vscode/fusionize.schema.json", "extension/sample"])
      await cp(join(root, file), join(stage, file), { recursive: true });
    await addEsbuild(target, join(stage, "dist/node_modules"));
    const shipped = Object.fromEntries(Object.entries(manifest).filter(([key]) => !notShipped.includes(key)));
    await writeFile(join(stage, "package.json"), JSON.stringify(shipped, undefined, 2));
    // Everything in the folder is meant to be shipped; without this file vsce warns.
    await writeFile(join(stage, ".vscodeignore"), "");
    await mkdir(out, { recursive: true });
    const vsix = join(out, `${manifest.name}-${target}-${manifest.version}.vsix`);
    const options = [
      "--no-dependencies",
      "--target",
      target,
      "--out",
      vsix,
      "--allow-missing-repository",
      "--no-rewrite-relative-links",
    ];
    await run(process.execPath, [join(root, "node_modules/@vscode/vsce/vsce"), "package", ...options], stage);
    await checkVsix(vsix, target);
    return vsix;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** esbuild's own JavaScript and the one binary that it looks for first; its `bin/` would be the same binary again. */
async function addEsbuild(target: Target, modules: string): Promise<void> {
  const from = join(root, "node_modules/esbuild");
  const { version } = JSON.parse(await readFile(join(from, "package.json"), "utf8")) as Manifest;
  for (const file of ["package.json", "LICENSE.md", "lib/main.js"]) await cp(join(from, file), join(modules, "esbuild", file));
  const own = join(root, "node_modules/@esbuild", target);
  const native = join(modules, "@esbuild", target);
  if (existsSync(own)) return cp(own, native, { recursive: true });
  const fetched = await mkdtemp(join(tmpdir(), "fusionize-esbuild-"));
  try {
    await run("npm", ["pack", `@esbuild/${target}@${version}`, "--silent"], fetched);
    await run("tar", ["-xzf", `esbuild-${target}-${version}.tgz`], fetched);
    await cp(join(fetched, "package"), native, { recursive: true });
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const shell = process.platform === "win32" && command === "npm";
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], shell });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${basename(command)} ${args.slice(0, 3).join(" ")} ended with ${String(code)}:\n${output}`);
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  const valueOf = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const named = targets.find((target) => target === valueOf("--target"));
  if (args.includes("--target") && !named) throw new Error(`Platforms: ${targets.join(", ")}.`);
  const out = valueOf("--out") ?? root;
  for (const target of args.includes("--all") ? targets : [named ?? hostTarget()]) {
    const vsix = await packageVsix({ target, out });
    console.log(`${vsix} ${((await stat(vsix)).size / 1e6).toFixed(1)} MB`);
  }
}
