/** One child process that is supervised through its standard input: it ends when that pipe closes, whoever closes it. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export interface Supervised {
  readonly pid: number | undefined;
  /** Lines of standard output, from the first. */
  readonly firstLine: Promise<string>;
  /** Settles when the process has gone. Never rejects. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null; expected: boolean; tail: string }>;
  /** Asks it to end, insists after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

export interface SupervisedOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  log?: (line: string) => void;
}

/** How many of the last lines are kept to explain an unexpected end. */
const TAIL_LINES = 12;

export function supervise(path: string, args: string[], { cwd, env, log }: SupervisedOptions): Supervised {
  const child: ChildProcess = spawn(path, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  const tail: string[] = [];
  let expected = false;
  let giveFirst: (line: string) => void = () => {};
  const firstLine = new Promise<string>((resolve) => (giveFirst = resolve));
  const keep = (line: string): void => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    log?.(line);
  };
  let first = true;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    if (first) giveFirst(line);
    first = false;
    keep(line);
  });
  createInterface({ input: child.stderr! }).on("line", keep);
  // A child that has gone closes the pipe before we do; that is not an error of ours.
  child.stdin!.on("error", () => {});
  const exited = new Promise<Awaited<Supervised["exited"]>>((resolve) => {
    child.on("error", (error) => resolve({ code: 127, signal: null, expected, tail: error.message }));
    child.on("close", (code, signal) => resolve({ code, signal, expected, tail: tail.join("\n") }));
  });
  return {
    pid: child.pid,
    firstLine,
    exited,
    async stop(graceMs = 5000) {
      expected = true;
      child.stdin!.end();
      const insist = setTimeout(() => child.kill("SIGKILL"), graceMs);
      await exited;
      clearTimeout(insist);
    },
  };
}
