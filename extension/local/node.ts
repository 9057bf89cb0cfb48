/** Which Node.js runs the emulator and its instances on the user's machine. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../core/errors.ts";
import { packageRoot } from "./locations.ts";

const run = promisify(execFile);

export interface NodeChoice {
  path: string;
  /** `24.11.0` */
  version: string;
  /** Environment without which `path` does not behave as Node.js. */
  environment: Record<string, string>;
  /** Set when the major version is not the runtime's: named in the log and in measurements. */
  difference?: string;
}

export interface NodeQuestion {
  /** `nodejs24.x` */
  runtime: string;
  /** The user's setting. */
  setting?: string;
  env?: NodeJS.ProcessEnv;
  /** Of the running program; for tests. */
  execPath?: string;
}

/** The oldest Node.js that can run the emulator. */
const OLDEST_MAJOR = 22;

const major = (version: string): number => Number(version.split(".")[0]);

async function versionOf(path: string, environment: Record<string, string>): Promise<string | undefined> {
  try {
    const { stdout } = await run(path, ["-p", "process.versions.node"], {
      env: { ...process.env, ...environment },
      timeout: 10_000,
    });
    return /^\d+\.\d+\.\d+/.exec(stdout.trim())?.[0];
  } catch {
    return undefined;
  }
}

/** `node` of every version that nvm, fnm and volta have installed, newest first. */
function installedVersions(env: NodeJS.ProcessEnv): string[] {
  const home = env["HOME"] ?? env["USERPROFILE"];
  const folders = [
    env["NVM_DIR"] ? join(env["NVM_DIR"], "versions/node") : home && join(home, ".nvm/versions/node"),
    env["FNM_DIR"] ? join(env["FNM_DIR"], "node-versions") : home && join(home, ".local/share/fnm/node-versions"),
    env["VOLTA_HOME"] ? join(env["VOLTA_HOME"], "tools/image/node") : home && join(home, ".volta/tools/image/node"),
  ];
  const found: string[] = [];
  for (const folder of folders) {
    if (!folder || !existsSync(folder)) continue;
    for (const version of readdirSync(folder).sort((a, b) => b.localeCompare(a, "en", { numeric: true }))) {
      for (const tail of ["bin/node", "installation/bin/node", "node.exe", "installation/node.exe"]) {
        const path = join(folder, version, tail);
        if (existsSync(path)) found.push(path);
      }
    }
  }
  return found;
}

/** Executables to ask, in order of preference. */
function candidates({
  setting,
  env = process.env,
  execPath = process.execPath,
}: NodeQuestion): [string, Record<string, string>][] {
  const name = process.platform === "win32" ? "node.exe" : "node";
  const onPath = (env["PATH"] ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));
  const own = join(packageRoot(), "node_modules/node/bin", name);
  const all: [string, Record<string, string>][] = [];
  if (setting) all.push([setting, {}]);
  for (const path of [own, ...onPath, ...installedVersions(env)]) if (existsSync(path)) all.push([path, {}]);
  // The editor's own Node.js; a plain Node.js ignores the variable.
  all.push([execPath, { ELECTRON_RUN_AS_NODE: "1" }]);
  return all;
}

const choices = new Map<string, Promise<NodeChoice>>();

/**
 * The setting, else a Node.js of the runtime's major version on PATH or of nvm, fnm, volta, else the running program's.
 * @throws UserError `node-setting` when the setting is not a Node.js, `node-missing` when there is none at all.
 */
export function chooseNode(question: NodeQuestion): Promise<NodeChoice> {
  const key = JSON.stringify([question.runtime, question.setting, question.env?.["PATH"], question.execPath]);
  const known = choices.get(key) ?? choose(question);
  choices.set(key, known);
  known.catch(() => choices.delete(key));
  return known;
}

async function choose(question: NodeQuestion): Promise<NodeChoice> {
  const wanted = Number(/nodejs(\d+)/.exec(question.runtime)?.[1] ?? 24);
  let fallback: NodeChoice | undefined;
  for (const [path, environment] of candidates(question)) {
    const version = await versionOf(path, environment);
    if (path === question.setting && !version) {
      throw new UserError("node-setting", `${path} is not a Node.js.`, "Correct the setting “fusionize.nodePath”, or remove it.");
    }
    if (!version) continue;
    const difference =
      major(version) === wanted ? undefined : `functions run on Node.js ${version} here, on ${question.runtime} when deployed`;
    const choice = { path, version, environment, ...(difference && { difference }) };
    if (!difference || path === question.setting) return choice;
    if (major(version) >= OLDEST_MAJOR) fallback = choice;
  }
  if (fallback) return fallback;
  throw new UserError(
    "node-missing",
    `No Node.js that could run ${question.runtime} functions was found.`,
    `Install Node.js ${wanted}, or name one in the setting “fusionize.nodePath”.`,
  );
}

/** PATH with the chosen Node.js first and every `node_modules/.bin` above the folder: what the app's own scripts see. */
export function pathFor(folder: string, node: NodeChoice, env: NodeJS.ProcessEnv = process.env): string {
  const bins: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    bins.push(join(at, "node_modules/.bin"));
    if (at === dirname(at)) break;
  }
  return [dirname(node.path), ...bins, join(packageRoot(), "node_modules/.bin"), env["PATH"] ?? ""].join(delimiter);
}
