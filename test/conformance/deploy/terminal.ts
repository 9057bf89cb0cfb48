/** The terminal tool as a process of its own, straight from source, in an environment without anybody's AWS configuration. */
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sampleApp, type SampleApp } from "../../unit/deployment/sample-app.ts";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const tool = join(root, "extension/cli/main.ts");
/** Compiled once, not by each of some fifty processes. */
const compiled = join(root, "test/artifacts/compile-cache");

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  ended: Promise<Ended>;
  /** Settles when the text was said on standard error. */
  said(text: string | RegExp): Promise<void>;
  interrupt(): void;
}

function environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(own),
    NODE_COMPILE_CACHE: compiled,
    AWS_CONFIG_FILE: "/nowhere",
    AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
    ...extra,
  };
}

export function start(args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, ["--no-warnings", tool, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(env),
  });
  const result: Ended = { code: null, stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  child.stdout.on("data", (data: Buffer) => (result.stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => {
    result.stderr += data.toString();
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ ...result, code }));
  });
  return {
    ended,
    interrupt: () => void child.kill("SIGINT"),
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (typeof text === "string" ? result.stderr.includes(text) : text.test(result.stderr)) resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended without saying ${String(text)}:\n${result.stderr}`)));
      }),
  };
}

export const fusionize = (args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> => start(args, env).ended;

/** Runs a command that has to succeed, with `--json`; its one document. */
export async function answer<Document>(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Document> {
  const { code, stdout, stderr } = await fusionize([...args, "--json"], env);
  if (code !== 0) throw new Error(`fusionize ${args.join(" ")} ended with ${code}:\n${stderr}`);
  return JSON.parse(stdout) as Document;
}

/** The app of the unit tests, with a setup file, as the terminal tool reads it. */
export async function writtenApp(): Promise<SampleApp> {
  const app = await sampleApp();
  await writeFile(join(app.folder, "fusionize.json"), JSON.stringify({ app: "sample", timeout: 30 }));
  return app;
}
