/** AWS implementations that are not ours, from PyPI, each in a Python environment of its own that git ignores. */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Folder of an installed package's commands, or the reason why it cannot be had. Installing takes about 20 s, once. */
export async function pythonPackage(name: string, requirement: string, command: string): Promise<{ bin: string } | string> {
  const environment = join(import.meta.dirname, `../../artifacts/python-${name}`);
  const bin = join(environment, process.platform === "win32" ? "Scripts" : "bin");
  if (existsSync(join(bin, command))) return { bin };
  try {
    await mkdir(environment, { recursive: true });
    await run("python3", ["-m", "venv", environment], { timeout: 60_000 });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement];
    await run(join(bin, "python"), install, { timeout: 300_000 });
    return { bin };
  } catch (error) {
    await rm(environment, { recursive: true, force: true });
    return `${name} cannot be installed here (${String(error).split("\n")[0]})`;
  }
}

/** moto: roles, names and order of calls are checked; functions cannot run. */
export const motoPackage = () => pythonPackage("moto", "moto[server]==5.*", "moto_server");
/** MiniStack: runs functions in processes of this machine's Node.js. */
export const ministackPackage = () => pythonPackage("ministack", "ministack==1.*", "ministack");

export interface EndpointServer {
  endpoint: string;
  stop(): Promise<void>;
}

export async function startMoto({ bin }: { bin: string }): Promise<EndpointServer & { reset(): Promise<void> }> {
  const server = await start(
    join(bin, "moto_server"),
    (port) => ["-H", "127.0.0.1", "-p", String(port)],
    () => ({}),
    "/moto-api/data.json",
  );
  return { ...server, reset: async () => void (await fetch(`${server.endpoint}/moto-api/reset`, { method: "POST" })) };
}

export async function startMinistack({ bin }: { bin: string }): Promise<EndpointServer> {
  const state = await mkdtemp(join(tmpdir(), "fusionize-ministack-"));
  const environment = (port: number) => ({
    BIND_HOST: "127.0.0.1",
    GATEWAY_PORT: String(port),
    LAMBDA_EXECUTOR: "local",
    STATE_DIR: state,
    TMPDIR: state,
    PATH: `${join(process.execPath, "..")}:${process.env["PATH"]}`,
  });
  const server = await start(join(bin, "ministack"), () => [], environment, "/_localstack/health");
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(state, { recursive: true, force: true });
    },
  };
}

async function start(
  command: string,
  args: (port: number) => string[],
  environment: (port: number) => NodeJS.ProcessEnv,
  path: string,
): Promise<EndpointServer> {
  const port = await freePort();
  const child = spawn(command, args(port), { stdio: "ignore", env: { ...process.env, ...environment(port) } });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const endpoint = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 90_000;
  while (!(await answers(endpoint + path))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill("SIGKILL");
      throw new Error(`${command} does not start`);
    }
    await delay(50);
  }
  return {
    endpoint,
    async stop() {
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), 5000);
      await gone;
      clearTimeout(insist);
    },
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
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
