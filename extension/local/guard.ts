/**
 * `node guard.ts <command>`: runs a command through the shell in a process group of its own, and ends that whole group
 * when the standard input closes: so a service never outlives the editor or terminal that started it, whatever ends them.
 */
import { spawn } from "node:child_process";

const command = process.argv[2] ?? "";
const windows = process.platform === "win32";
const service = spawn(command, { shell: true, detached: !windows, stdio: ["ignore", "inherit", "inherit"] });

function end(signal: NodeJS.Signals): void {
  if (service.pid === undefined || service.exitCode !== null || service.signalCode !== null) return;
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
  end("SIGTERM");
  setTimeout(() => end("SIGKILL"), GRACE_MS);
}

service.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
service.on("exit", (code, signal) => {
  // Whatever the service itself started ends with it.
  end("SIGKILL");
  process.exit(signal ? 1 : (code ?? 1));
});
process.stdin.on("close", stop).on("end", stop).on("error", stop).resume();
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, stop);
