/**
 * `node guard.ts <command>`: runs a command through the shell in a process group of its own, and ends that whole group
 * when the standard input closes: so a service never outlives the editor or terminal that started it, whatever ends them.
 * The guard itself may be killed together with its parent; a small shell that holds the other end of a pipe of the guard
 * then ends the group. On Windows child processes are in a job object that ends with the guard.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Writable } from "node:stream";

const command = process.argv[2] ?? "";
const windows = process.platform === "win32";

/** Waits for a line on descriptor 3 before it becomes the command: were the guard killed before the watcher stands, nothing would have begun. */
const BEGIN = `read -r _ <&3 || exit 1
exec 3<&-
exec /bin/sh -c "$0"`;

const service = windows
  ? spawn(command, { shell: true, stdio: ["ignore", "inherit", "inherit"] })
  : spawn("/bin/sh", ["-c", BEGIN, command], { detached: true, stdio: ["ignore", "inherit", "inherit", "pipe"] });

/** Waits until the guard has gone, however it goes; `$0` is the group of the service. */
const WATCH = `trap '' INT TERM HUP
while read -r _; do :; done
kill -9 -"$0"`;

/** In a session of its own: what is sent to the guard's group or terminal does not reach it. */
function watch(group: number): ChildProcess {
  const shell = spawn("/bin/sh", ["-c", WATCH, String(group)], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
  });
  shell.on("error", () => {});
  shell.stdin?.on("error", () => {});
  return shell;
}

const watcher = windows || service.pid === undefined ? undefined : watch(service.pid);
const begin = service.stdio[3] as Writable | undefined;
// A command that was ended before it began reads nothing.
begin?.on("error", () => {}).end("\n");

/** Signals the service and all that it started. */
function signalGroup(signal: NodeJS.Signals): void {
  if (service.pid === undefined) return;
  if (windows) {
    spawn("taskkill", ["/pid", String(service.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-service.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Time a service gets to end by itself, ms. */
const GRACE_MS = 500;

function stop(): void {
  signalGroup("SIGTERM");
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS);
}

service.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
service.on("exit", (code, signal) => {
  // Whatever the service itself started ends with it.
  signalGroup("SIGKILL");
  // Before the number of the group can belong to another one.
  watcher?.kill("SIGKILL");
  process.exit(signal ? 1 : (code ?? 1));
});
process.stdin.on("close", stop).on("end", stop).on("error", stop).resume();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
