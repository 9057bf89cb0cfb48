import { startEmulator } from "./emulator.ts";
import { StartError } from "./lock.ts";
import { parseCommandLine, usage, UsageError } from "./options.ts";
import type { CommandLine } from "./options.ts";

/** The emulator as a process: one line of JSON on standard output when it is ready, then nothing; it ends when told to, and when nobody is left to tell it. */
async function main(args: string[]): Promise<void> {
  if (args.includes("--help")) return void process.stdout.write(`${usage}\n`);
  const { options, stdin }: CommandLine = parseCommandLine(args);
  const parent = process.ppid;
  const emulator = await startEmulator(options);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    // Whatever the closing meets, the process does not outlast it for long.
    setTimeout(() => process.exit(1), 5_000).unref();
    emulator.close().then(
      () => process.exit(0),
      (error: Error) => fail(`The emulator did not end cleanly: ${error.message}`, 1),
    );
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  if (stdin) process.stdin.on("end", end).on("close", end).on("error", end).resume();
  setInterval(() => process.ppid !== parent && end(), 500).unref();
  process.stdout.on("error", () => {});
  process.stdout.write(`${JSON.stringify({ endpoint: emulator.endpoint, pid: process.pid })}\n`);
}

function fail(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

main(process.argv.slice(2)).catch((error: NodeJS.ErrnoException & { port?: number }) => {
  if (error instanceof UsageError) fail(`${error.message}\n\n${usage}`, 2);
  if (error instanceof StartError) fail(error.message, 1);
  if (error.code === "EADDRINUSE")
    fail(`Port ${error.port} is taken by another program. Choose another with --port, or 0 for any free one.`, 1);
  if (error.code === "EACCES" || error.code === "EROFS" || error.code === "ENOTDIR" || error.code === "ENOSPC")
    fail(`The data folder cannot be used: ${error.message}`, 1);
  fail(`The emulator could not start: ${error.stack}`, 1);
});
