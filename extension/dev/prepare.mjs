/**
 * Brings a clone to the point where everything else runs, with nothing but Node.js ≥ 20 and npm: installed packages
 * (Node.js 24 among them) and, where asked, a current build. Plain JavaScript, no dependencies: it runs first.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const windows = process.platform === "win32";

/** Node.js 24 of the package `node`. */
export const node24 = join(root, "node_modules/node/bin", windows ? "node.exe" : "node");

/** Environment in which `node` and all installed commands are those of this repository. */
export function environment(extra = {}) {
  const separator = windows ? ";" : ":";
  const path = [dirname(node24), join(root, "node_modules/.bin"), process.env.PATH].join(separator);
  return { ...process.env, PATH: path, ...extra };
}

function say(message) {
  process.stderr.write(`${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}

/** Installed when every package of the lock file is what npm put there last. */
function installed() {
  const lock = join(root, "package-lock.json");
  const mark = join(root, "node_modules/.package-lock.json");
  return (
    existsSync(node24) && existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs - 1000 && sameVersions(lock, mark)
  );
}

function sameVersions(lock, mark) {
  const wanted = JSON.parse(readFileSync(lock, "utf8")).packages;
  const present = JSON.parse(readFileSync(mark, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || present[path]?.version === entry.version,
  );
}

export function install() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) fail(`Node.js 20 or newer is needed; this is ${process.versions.node}.`);
  if (installed()) return;
  say("Installing packages …");
  const npm = spawnSync(windows ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: windows,
  });
  if (npm.status !== 0) fail("npm ci failed: see above. A network connection to the npm registry is needed once.");
  if (!existsSync(node24)) {
    fail("The package `node` brought no Node.js 24 for this platform. Install Node.js 24 yourself and run the command with it.");
  }
}

function newest(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  let latest = 0;
  for (const name of readdirSync(path)) {
    if (name === "node_modules" || name === "dev") continue;
    latest = Math.max(latest, newest(join(path, name)));
  }
  return latest;
}

const sources = ["extension", "webview", "emulator", "esbuild.mjs", "package.json", "node_modules/.package-lock.json"];

/** Builds `dist/` unless it is newer than everything it is made of. */
export function build() {
  const mark = join(root, "dist/.built");
  const current = existsSync(mark) && statSync(mark).mtimeMs > Math.max(...sources.map((name) => newest(join(root, name))));
  if (current) return;
  say("Building …");
  const result = spawnSync(node24, [join(root, "esbuild.mjs")], { cwd: root, stdio: ["ignore", 2, 2], env: environment() });
  if (result.status !== 0) fail("The build failed: see above.");
}
