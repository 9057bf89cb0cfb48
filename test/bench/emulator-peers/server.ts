import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { type Client, post } from "./client.ts";

/** How a target is asked to run its function. */
export interface Target {
  readonly name: string;
  /** Prepares files and functions once; a reason in place of that leaves the target out. */
  prepare(folder: string): Promise<void | { absent: string }>;
  /** Starts the server; `output` resolves with the first line of its standard output that `matches`. */
  command(
    folder: string,
  ): Promise<{ program: string; args: readonly string[]; cwd: string; env?: Readonly<Record<string, string>> }>;
  /** Where to post an event, given what the server has printed; undefined until it is known. */
  address(output: string): { url: string } | undefined;
  /** The body that carries an event. */
  body(event: string): string;
  /** Each request gets a process or thread of its own while others are busy. */
  readonly scalesOut: boolean;
}

export interface Server {
  readonly child: ChildProcess;
  readonly url: string;
}

const LONGEST_START_MS = 60_000;

/** Starts a target and waits until it has answered its first event. */
export async function startServer(target: Target, folder: string, client: Client): Promise<Server> {
  const { program, args, cwd, env } = await target.command(folder);
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const deadline = performance.now() + LONGEST_START_MS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${target.name} ended: ${output.slice(-2000)}`);
    const address = target.address(output);
    if (address && (await answers(client, address.url, target.body("{}")))) {
      // What it prints from now on is not kept: it may log every request.
      output = "";
      return { child, url: address.url };
    }
    if (performance.now() > deadline) {
      await stopServer({ child });
      throw new Error(`${target.name} did not answer: ${output.slice(-2000)}`);
    }
    await wait(1);
  }
}

async function answers(client: Client, url: string, body: string): Promise<boolean> {
  try {
    return Math.floor((await post(client, url, body)).status / 100) === 2;
  } catch {
    return false;
  }
}

/** Ends the server and whatever it has started. */
export async function stopServer({ child }: Pick<Server, "child">): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  const late = new AbortController();
  await Promise.race([ended, wait(5000, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // The whole group is gone already.
  }
  await ended;
}
