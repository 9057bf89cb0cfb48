/**
 * `local.services` of `fusionize.json`: commands that run beside the app, such as a local DynamoDB. `${port.<name>}` in
 * them and in `local.environment` stands for a free port, the same for the same name.
 */
import { createServer, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../core/errors.ts";
import type { LongWork } from "../ports/work.ts";
import { guardEntry } from "./locations.ts";
import { pathFor, type NodeChoice } from "./node.ts";
import { supervise, type Supervised } from "./process.ts";

export interface RunningServices {
  /** `local.environment` with every port filled in. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

export interface ServicesOptions extends LongWork {
  folder: string;
  services: string[];
  environment: Record<string, string>;
  node: NodeChoice;
  log?: (line: string) => void;
}

const PORT = /\$\{port\.([\w-]+)\}/g;
/** How long a service may take until it listens, ms. */
const READY_MS = 20_000;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Ports that the environment and a command have in common: those that the command is expected to listen on. */
function portsOf(command: string, environment: Record<string, string>): number[] {
  const local = Object.values(environment).flatMap(
    (value) => /^https?:\/\/(?:127\.0\.0\.1|localhost):(\d+)/.exec(value)?.[1] ?? [],
  );
  return local.filter((port) => new RegExp(`\\b${port}\\b`).test(command)).map(Number);
}

async function ready(service: Supervised, command: string, port: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let gone: Awaited<Supervised["exited"]> | undefined;
  void service.exited.then((end) => (gone = end));
  while (!(await listens(port))) {
    signal?.throwIfAborted();
    if (gone) {
      const missing = gone.code === 127 || /not found|not recognized/.test(gone.tail);
      throw new UserError(
        "service-failed",
        `The service “${command}” ended before it listened on port ${port}: ${gone.tail.trim() || `exit code ${gone.code}`}`,
        missing ? "Run `npm install` in the app's folder." : "Correct `local.services` in fusionize.json.",
      );
    }
    if (Date.now() > deadline) {
      throw new UserError(
        "service-not-ready",
        `The service “${command}” does not listen on port ${port} after ${READY_MS / 1000} s.`,
      );
    }
    await delay(25);
  }
}

/** Starts all services and waits until they listen on the ports that `local.environment` names. */
export async function startServices(options: ServicesOptions): Promise<RunningServices> {
  const { folder, node, log, signal, progress } = options;
  const ports = new Map<string, number>();
  for (const text of [...options.services, ...Object.values(options.environment)]) {
    for (const [, name] of text.matchAll(PORT)) if (name && !ports.has(name)) ports.set(name, await freePort());
  }
  const fill = (text: string): string => text.replace(PORT, (_, name: string) => String(ports.get(name)));
  const environment = Object.fromEntries(Object.entries(options.environment).map(([key, value]) => [key, fill(value)]));
  const running: Supervised[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((service) => service.stop(3000)));
  };
  try {
    for (const command of options.services.map(fill)) {
      signal?.throwIfAborted();
      progress?.(`Starting ${command.split(" ")[0]}`);
      for (const port of portsOf(command, environment)) {
        if (await listens(port)) {
          throw new UserError(
            "port-taken",
            `Port ${port}, which the service “${command}” needs, is in use by another program.`,
            "Stop that program, or write ${port.<name>} instead of the number in fusionize.json to take any free port.",
          );
        }
      }
      const service = supervise(node.path, [guardEntry(), command], {
        cwd: folder,
        env: { ...process.env, ...node.environment, PATH: pathFor(folder, node) },
        ...(log && { log: (line: string) => log(`[${command.split(" ")[0]}] ${line}`) }),
      });
      running.push(service);
      await Promise.all(portsOf(command, environment).map((port) => ready(service, command, port, signal)));
    }
    return { environment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
