/** Real processes: a service ends with its guard, whatever ends the guard, and takes along what it started itself. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";

const GUARD = new URL("../../../extension/local/guard.ts", import.meta.url).pathname;
const guards: ChildProcess[] = [];

afterEach(() => {
  for (const guard of guards.splice(0)) guard.kill("SIGTERM");
});

function guarded(command: string): { guard: ChildProcess; line: Promise<string>; exited: Promise<number | null> } {
  const guard = spawn(process.execPath, [GUARD, command], { stdio: ["pipe", "pipe", "inherit"] });
  guards.push(guard);
  const line = new Promise<string>((resolve) => createInterface({ input: guard.stdout }).once("line", resolve));
  const exited = new Promise<number | null>((resolve) => guard.once("exit", (code) => resolve(code)));
  return { guard, line, exited };
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (alive(pid)) {
    if (Date.now() > deadline) throw new Error(`process ${pid} still lives`);
    await delay(10);
  }
}

describe.skipIf(process.platform === "win32")("the guard of a service", () => {
  const SERVICE = "sleep 600 & echo $!; wait";

  it("ends the service and its children when its standard input closes", async () => {
    const { guard, line, exited } = guarded(SERVICE);
    const child = Number(await line);
    expect(alive(child)).toBe(true);
    guard.stdin!.end();
    await exited;
    await gone(child);
  });

  it("leaves nothing when it is itself killed with SIGKILL", async () => {
    const { guard, line, exited } = guarded(SERVICE);
    const child = Number(await line);
    guard.kill("SIGKILL");
    await exited;
    await gone(child);
  });

  it("ends what a service leaves behind, and passes its exit code on", async () => {
    const { line, exited } = guarded("sleep 600 >/dev/null & echo $!; exit 3");
    const child = Number(await line);
    expect(await exited).toBe(3);
    await gone(child);
  });

  it("insists when the service ignores the request to end", async () => {
    const { guard, line, exited } = guarded("trap '' TERM; echo $$; while :; do sleep 1; done");
    const shell = Number(await line);
    guard.kill("SIGTERM");
    await exited;
    await gone(shell);
  });
});
