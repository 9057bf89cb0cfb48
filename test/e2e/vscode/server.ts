/** VS Code's server as a process of ours: started with folders of its own, stopped with everything it started. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { node24, vscodeServer } from "./setup.ts";

export interface ServerOptions {
  /** Settings, installed extensions and state go here; nothing of the user's own VS Code is touched. */
  home: string;
  settings?: Record<string, unknown>;
  /** Needed for a test suite to be started by the page's payload. */
  smokeTestDriver?: boolean;
  /** Without it every workspace is trusted. */
  workspaceTrust?: boolean;
  /** 0 = any free port. */
  port?: number;
  /** Environment of the extension host. */
  env?: NodeJS.ProcessEnv;
  /** Lines of the server. */
  log?: (line: string) => void;
}

export interface RunningServer {
  /** `http://127.0.0.1:port/` */
  url: string;
  pid: number;
  stop(): Promise<void>;
}

/** Calm for tests and pictures: no welcome page, no chat, no network. */
export const quietSettings: Record<string, unknown> = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "remote.autoForwardPorts": false,
  "window.commandCenter": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "git.enabled": false,
  "typescript.disableAutomaticTypeAcquisition": true,
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
};

const readyWithin = 60_000;

export async function writeSettings(home: string, settings: Record<string, unknown>): Promise<void> {
  const text = JSON.stringify(settings, undefined, 2);
  // The server reads one or the other, depending on how its folders are named.
  for (const folder of [join(home, "data/User"), join(home, "User"), join(home, "data/Machine")]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "settings.json"), text);
  }
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { home, settings = {}, smokeTestDriver, workspaceTrust, port = 0, env = {}, log } = options;
  const entry = await vscodeServer();
  await writeSettings(home, { ...quietSettings, ...settings });
  const args = [
    entry,
    "--host=127.0.0.1",
    `--port=${port}`,
    "--without-connection-token",
    "--accept-server-license-terms",
    "--telemetry-level=off",
    ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
    ...(smokeTestDriver ? ["--enable-smoke-test-driver"] : []),
    ...folders(home),
  ];
  const child = spawn(node24, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: extension hosts and what they started end with it.
    detached: process.platform !== "win32",
  });
  const ready = Promise.withResolvers<number>();
  let output = "";
  const read = (data: Buffer) => {
    output += data;
    for (const line of data.toString().split("\n")) if (line.trim()) log?.(line);
    const bound = /Extension host agent listening on (\d+)/.exec(output)?.[1];
    if (bound) ready.resolve(Number(bound));
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  child.on("error", (error) => ready.reject(error));
  child.on("exit", (code) => ready.reject(new Error(`VS Code's server ended with ${code}:\n${output.slice(-2000)}`)));
  const orphaned = () => end(child, "SIGKILL");
  process.once("exit", orphaned);
  child.once("exit", () => process.off("exit", orphaned));
  const late = setTimeout(
    () => ready.reject(new Error(`VS Code's server is not up after ${readyWithin / 1000} s:\n${output.slice(-2000)}`)),
    readyWithin,
  );
  try {
    const bound = await ready.promise;
    return { url: `http://127.0.0.1:${bound}/`, pid: child.pid ?? 0, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  } finally {
    clearTimeout(late);
  }
}

export function folders(home: string): string[] {
  return [`--server-data-dir=${home}`, `--user-data-dir=${home}`, `--extensions-dir=${join(home, "extensions")}`];
}

/** ms that the server has to end by itself: its extension hosts deactivate meanwhile. */
const endWithin = 10_000;

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const hard = setTimeout(() => end(child, "SIGKILL"), endWithin);
  await gone;
  clearTimeout(hard);
  // What it started ends by itself when it notices; only what does not is ended by force.
  const deadline = Date.now() + endWithin;
  while (Date.now() < deadline && end(child, 0)) await delay(50);
  end(child, "SIGKILL");
}

/** Signals the server and everything of its group; false when there is nothing left to signal. */
function end(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    if (child.pid) process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    return child.pid !== undefined;
  } catch {
    return false;
  }
}
