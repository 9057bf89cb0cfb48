#!/usr/bin/env node
/** `fusionize`: exit code 0 = done, 1 = failed (the message says what to do), 2 = wrong usage. */
import { UserError } from "../core/errors.ts";
import { createOutput } from "./output.ts";
import { help, parse, UsageError, type CommandName, type Parsed } from "./usage.ts";

export type Run = (parsed: Parsed, work: { output: ReturnType<typeof createOutput>; signal: AbortSignal }) => Promise<void>;

/** Each command is loaded only when it is asked for: `graph` must not wait for the AWS SDK. */
const commands: Record<CommandName, () => Promise<{ run: Run }>> = {
  graph: () => import("./commands/graph.ts"),
  emulator: () => import("./commands/emulator.ts"),
  run: () => import("./commands/run.ts"),
  profile: () => import("./commands/profile.ts"),
  optimize: () => import("./commands/optimize.ts"),
  accept: () => import("./commands/accept.ts"),
  predictions: () => import("./commands/predictions.ts"),
  monitor: () => import("./commands/monitor.ts"),
  plan: () => import("./commands/deploy.ts"),
  deploy: () => import("./commands/deploy.ts"),
  releases: () => import("./commands/releases.ts"),
  rollback: () => import("./commands/rollback.ts"),
  destroy: () => import("./commands/destroy.ts"),
  watch: () => import("./commands/watch.ts"),
  export: () => import("./commands/export.ts"),
  policy: () => import("./commands/policy.ts"),
};

async function main(args: string[]): Promise<number> {
  const asksHelp = args.includes("--help") || args.includes("-h") || args[0] === "help";
  if (asksHelp) {
    process.stdout.write(`${help(args.find((word) => !word.startsWith("-") && word !== "help"))}\n`);
    return 0;
  }
  let parsed: Parsed;
  try {
    parsed = parse(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${help(args[0])}\n`);
    return 2;
  }
  const output = createOutput(parsed.options.json === true);
  const cancel = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => cancel.abort(new UserError("cancelled", "Cancelled.")));
  }
  try {
    const { run } = await commands[parsed.command]();
    await run(parsed, { output, signal: cancel.signal });
    return 0;
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}${error.action ? `\n→ ${error.action}` : ""}\n`);
    return 1;
  }
  process.stderr.write(
    `This is a fault of fusionize, please report it:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
