/**
 * moto, an implementation of AWS's control plane that is not ours, in a Python environment of its own. It checks roles,
 * names and order of calls; it cannot run functions.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Ignored by git; made once, about 20 s. */
const ENVIRONMENT = join(import.meta.dirname, "../../artifacts/python");
const PACKAGES = ["moto[server]==5.*"];

export interface MotoServer {
  endpoint: string;
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface PythonTools {
  motoServer: string;
  cfnLint: string;
}

/** A reason instead of tools where Python or PyPI cannot be had. */
export async function pythonTools(): Promise<PythonTools | string> {
  const bin = join(ENVIRONMENT, process.platform === "win32" ? "Scripts" : "bin");
  const tools = { motoServer: join(bin, "moto_server"), cfnLint: join(bin, "cfn-lint") };
  if (Object.values(tools).every(existsSync)) return tools;
  try {
    await mkdir(ENVIRONMENT, { recursive: true });
    await run("python3", ["-m", "venv", ENVIRONMENT], { timeout: 60_000 });
    await run(join(bin, "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES], {
      timeout: 300_000,
    });
  } catch (error) {
    return `moto cannot be installed here: ${String(error).split("\n")[0]}`;
  }
  return tools;
}

export async function startMoto({ motoServer }: PythonTools): Promise<MotoServer> {
  const port = await freePort();
  const child: ChildProcess = spawn(motoServer, ["-H", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
    env: { ...process.env, MOTO_LAMBDA_STUB_ECS: "true" },
  });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(endpoint))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error("moto does not start");
    await delay(50);
  }
  return {
    endpoint,
    async reset() {
      await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
    },
    async stop() {
      child.kill("SIGTERM");
      await gone;
    },
  };
}

function answers(endpoint: string): Promise<boolean> {
  return fetch(`${endpoint}/moto-api/data.json`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
