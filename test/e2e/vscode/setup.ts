/**
 * Brings VS Code and a browser to this machine where they are missing. VS Code comes as the npm package `code-server`, of
 * which only the workbench server is used (`server.ts`): nothing is compiled, nothing but the npm registry is needed.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Pinned: the flag and the payload that tests are started with are internals of VS Code's own smoke tests. */
export const CODE_SERVER_VERSION = "4.139.1";

export const repository = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[\\/]$/, "");
const home = join(repository, ".vscode-test", `code-server-${CODE_SERVER_VERSION}`);
const vscode = join(home, "node_modules/code-server/lib/vscode");
const done = join(home, ".installed");
const lock = join(repository, ".vscode-test", ".lock");

/** Node.js 24 of the package `node`: what this version of VS Code wants. */
export const node24 = join(repository, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

/** Something that tests need is not on this machine and could not be brought to it. */
export class Missing extends Error {
  override readonly name = "Missing";
}

/** Entry of VS Code's server, installed on first use. Safe to call from several processes at once. @throws Missing */
export async function vscodeServer(say: (message: string) => void = console.error): Promise<string> {
  const entry = join(vscode, "out/server-main.js");
  if (existsSync(done) && existsSync(entry)) return entry;
  const release = await takeLock(say);
  try {
    if (existsSync(done) && existsSync(entry)) return entry;
    const start = performance.now();
    say(`Installing VS Code ${CODE_SERVER_VERSION} into .vscode-test (0.8 GB, once) …`);
    await rm(home, { recursive: true, force: true });
    await mkdir(home, { recursive: true });
    await writeFile(
      join(home, "package.json"),
      JSON.stringify({ private: true, dependencies: { "code-server": CODE_SERVER_VERSION } }),
    );
    const npm = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    // The three folders have package lists of their own; without scripts npm installs only the first.
    await run("npm", npm, home);
    await run("npm", [...npm, "--omit=dev"], vscode);
    await run("npm", [...npm, "--omit=dev"], join(vscode, "extensions"));
    await writeFile(done, new Date().toISOString());
    say(`VS Code is installed, ${((performance.now() - start) / 1000).toFixed(0)} s.`);
    return entry;
  } finally {
    await release();
  }
}

/** Path of a Chromium-like browser; installed by apt on Debian where this process may. @throws Missing */
export async function chromium(say: (message: string) => void = console.error): Promise<string> {
  const known = findBrowser();
  if (known) return known;
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("Installing Chromium (apt-get install chromium) …");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], "/", env).catch(async () => {
      await run("apt-get", ["update", "-q"], "/", env);
      await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", "chromium"], "/", env);
    });
    const installed = findBrowser();
    if (installed) return installed;
  }
  throw new Missing("No Chromium or Chrome was found. Install one, or name it in CHROMIUM_PATH.");
}

function findBrowser(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  if (named) return existsSync(named) ? named : undefined;
  const places = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  const which = spawnSync(process.platform === "win32" ? "where" : "which", ["chromium", "google-chrome", "chromium-browser"], {
    encoding: "utf8",
  });
  return which.stdout?.split(/\r?\n/).find(Boolean);
}

async function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv = withNode24()): Promise<void> {
  const windows = process.platform === "win32";
  const child = spawn(windows && command === "npm" ? "npm.cmd" : command, args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: windows,
  });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise<number | string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (exit) => resolve(exit ?? "a signal"));
  });
  if (code !== 0) throw new Missing(`${command} ${args[0]} ended with ${code} in ${cwd}:\n${output.trim().slice(-2000)}`);
}

function withNode24(): NodeJS.ProcessEnv {
  const separator = process.platform === "win32" ? ";" : ":";
  return { ...process.env, PATH: [join(repository, "node_modules/.bin"), process.env["PATH"]].join(separator) };
}

/** A folder is made by exactly one process. The lock of a process that has gone is taken over. */
async function takeLock(say: (message: string) => void): Promise<() => Promise<void>> {
  await mkdir(join(repository, ".vscode-test"), { recursive: true });
  for (let told = false; ;) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, "pid"), String(process.pid));
      return () => rm(lock, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (await abandoned()) {
      await rm(lock, { recursive: true, force: true });
      continue;
    }
    if (!told) say("Another process is installing VS Code, waiting for it …");
    told = true;
    await delay(250);
  }
}

/** ms that a lock may be without the id of its holder. */
const NAMELESS_MS = 5000;

async function abandoned(): Promise<boolean> {
  const pid = Number(await readFile(join(lock, "pid"), "utf8").catch(() => ""));
  if (!pid) {
    const made = await stat(lock).catch(() => undefined);
    return made !== undefined && Date.now() - made.mtimeMs > NAMELESS_MS;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
