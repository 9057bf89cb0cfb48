/** The built command line tool as a process, and copies of the sample apps to try it on. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const tool = join(root, "dist/cli.mjs");
const artifacts = join(root, "test/artifacts");

/** As deep below the repository as the original, so that packages are found. */
export async function copyOf(app: string): Promise<string> {
  await mkdir(artifacts, { recursive: true });
  const folder = await mkdtemp(join(artifacts, `${app}-`));
  await cp(join(root, "test/apps", app), folder, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
  });
  return folder;
}

export function start(args: string[]): ChildProcessByStdio<null, Readable, Readable> {
  if (!existsSync(tool)) throw new Error("dist/ is missing: run npm run build.");
  return spawn(process.execPath, [tool, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export async function fusionize(...args: string[]): Promise<Ended> {
  const child = start(args);
  const ended: Ended = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (data) => (ended.stdout += data));
  child.stderr.on("data", (data) => (ended.stderr += data));
  ended.code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  return ended;
}

/** Command lines of all running processes that hold a text; Linux only, empty elsewhere. */
export function processesWith(text: string): string[] {
  if (!existsSync("/proc/self/cmdline")) return [];
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      return line.includes(text) || environment.includes(text) ? [`${pid} ${line}`] : [];
    } catch {
      return [];
    }
  });
}

export async function until(what: string, holds: () => boolean | Promise<boolean>, within = 20_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within ${within} ms: ${what}`);
    await delay(25);
  }
}
