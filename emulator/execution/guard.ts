import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { realpathSync } from "node:fs";

/**
 * A small shell of its own that knows the process groups of all instances. When the emulator goes, however it goes, the pipe closes, and the shell kills
 * them (stopped or spinning ones cannot notice by themselves) and removes their cgroup folders and a temporary data folder. Windows needs none: there, child processes are in a
 * job object that ends with the emulator.
 */
const script = `trap '' INT TERM HUP
groups=" " folders=" " temporary=
while read -r what which; do
  case "$what" in
    +) groups="$groups$which " ;;
    -) case "$groups" in *" $which "*) groups="\${groups%% $which *} \${groups#* $which }" ;; esac ;;
    cgroup) folders="$folders$which " ;;
    temporary) temporary="$which" ;;
  esac
done
for group in $groups; do kill -9 -"$group" 2>/dev/null || kill -9 "$group" 2>/dev/null; done
for folder in $folders; do
  tries=0
  while [ -d "$folder" ] && [ $tries -lt 50 ]; do
    for inner in "$folder"/*/; do
      [ -d "$inner" ] || continue
      while read -r left; do kill -9 "$left" 2>/dev/null; done < "$inner/cgroup.procs"
      rmdir "$inner" 2>/dev/null
    done
    rmdir "$folder" 2>/dev/null || sleep 0.1
    tries=$((tries + 1))
  done
done
[ -n "$temporary" ] && rm -rf "$temporary"`;

/** Keeps the promise that no instance outlives the emulator. */
export interface Guard {
  watch(pid: number): void;
  forget(pid: number): void;
  /** A cgroup folder to remove when the emulator is gone, with all in it. */
  watchFolder(path: string): void;
  /** A folder that is nobody's once the emulator is gone. */
  watchTemporary(path: string): void;
  /** Lets the guard do its work now. Resolves when it has ended. */
  close(): Promise<void>;
}

export function createGuard(): Guard {
  if (process.platform === "win32")
    return {
      watch: () => {},
      forget: () => {},
      watchFolder: () => {},
      watchTemporary: () => {},
      close: () => Promise.resolve(),
    };
  const pids = new Set<number>();
  const folders = new Set<string>();
  let temporary: string | undefined;
  let shell: ChildProcess;
  let closing = false;
  const say = (line: string): void => void shell.stdin?.write(`${line}\n`);
  const start = (): void => {
    shell = spawn("/bin/sh", ["-c", script], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      env: { PATH: "/usr/bin:/bin" },
      cwd: "/",
    });
    shell.stdin?.on("error", () => {});
    shell.once("exit", () => closing || start());
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
    for (const folder of folders) say(`cgroup ${folder}`);
    if (temporary !== undefined) say(`temporary ${temporary}`);
    for (const pid of pids) say(`+ ${pid}`);
  };
  start();
  return {
    watch(pid) {
      pids.add(pid);
      say(`+ ${pid}`);
    },
    forget(pid) {
      if (pids.delete(pid)) say(`- ${pid}`);
    },
    watchFolder(path) {
      folders.add(path);
      say(`cgroup ${path}`);
    },
    watchTemporary(path) {
      temporary = path;
      say(`temporary ${path}`);
    },
    async close() {
      closing = true;
      const gone =
        shell.exitCode !== null ? Promise.resolve() : new Promise<void>((resolve) => shell.once("exit", () => resolve()));
      shell.ref();
      shell.stdin?.end();
      await gone;
    },
  };
}

/** Prefix of a command line that makes the kernel kill the process with its parent (Linux with util-linux); empty elsewhere. A second line of defence beside the guard. */
export function dieWithParent(): string[] {
  if (process.platform !== "linux") return [];
  for (const path of ["/usr/bin/setpriv", "/bin/setpriv"]) {
    try {
      // BusyBox has a command of this name without the option.
      if (!realpathSync(path).includes("busybox")) return [path, "--pdeathsig", "KILL"];
    } catch {
      // Not installed there.
    }
  }
  return [];
}
