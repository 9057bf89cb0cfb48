/** Starts the emulator as a process of its own and speaks to it over its ready line and its standard input only. */
import { UserError } from "../core/errors.ts";
import type { LongWork } from "../ports/work.ts";
import { emulatorEntry } from "./locations.ts";
import type { NodeChoice } from "./node.ts";
import { supervise } from "./process.ts";

export interface EmulatorOptions extends LongWork {
  node: NodeChoice;
  fidelity: "aws" | "fast";
  /** 0 = any free port. */
  port: number;
  /** Folder for its state; absent = a temporary one of its own. */
  dataDir?: string;
  log?: (line: string) => void;
  /** Further arguments, e.g. single calibrated values. */
  args?: string[];
}

export interface RunningEmulator {
  endpoint: string;
  pid: number;
  /** Settles when it has gone, with the last lines it said. */
  exited: Promise<{ expected: boolean; message: string }>;
  stop(): Promise<void>;
}

/** @throws UserError `emulator-start` with what it said, when it ends before it is ready. */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const { node, fidelity, port, dataDir, log, signal, args = [] } = options;
  signal?.throwIfAborted();
  const given = ["--port", String(port), "--fidelity", fidelity, "--stdin", ...(dataDir ? ["--data", dataDir] : []), ...args];
  const child = supervise(node.path, [emulatorEntry(), ...given], {
    cwd: process.cwd(),
    env: { ...process.env, ...node.environment },
    ...(log && { log }),
  });
  const cancel = (): void => void child.stop(0);
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const ready = await Promise.race([child.firstLine, child.exited]);
    signal?.throwIfAborted();
    if (typeof ready !== "string") {
      throw new UserError(
        "emulator-start",
        `The local emulator did not start: ${ready.tail.trim() || `exit code ${ready.code}`}`,
      );
    }
    const { endpoint, pid } = JSON.parse(ready) as { endpoint: string; pid: number };
    const exited = child.exited.then(({ code, signal: by, expected, tail }) => ({
      expected,
      message: expected
        ? "The local emulator has stopped."
        : `The local emulator ended (${by ?? `exit code ${code}`}). ${tail}`.trim(),
    }));
    return { endpoint, pid, exited, stop: () => child.stop() };
  } catch (error) {
    await child.stop(0);
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
