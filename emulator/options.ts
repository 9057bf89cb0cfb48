import { availableParallelism, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { calibration } from "./calibration.ts";

/** How the CPU share of an instance is kept: `auto` takes a cgroup where one can be written, else steered stop and continue. */
export type CpuControl = "auto" | "cgroup" | "steer" | "off";

/** Everything the emulator can be told. Times in ms. */
export interface EmulatorOptions {
  port: number;
  /** Folder for functions, code, queue and logs; a temporary one, removed at the end, when absent. */
  dataDir?: string;
  fidelity: "aws" | "fast";
  region: string;
  accountId: string;
  /** Platform wait of a synchronous invocation. */
  hopMs: number;
  /** Platform wait until an asynchronous invocation is acknowledged. */
  asyncHopMs: number;
  /** From the acknowledged event to its delivery. */
  asyncDeliveryMs: number;
  /** Before INIT of a new instance. */
  coldStartMs: number;
  /** INIT takes at least this long. */
  initMs: number;
  keepAliveMs: number;
  createMs: number;
  updateMs: number;
  /** Factor on every wait of the asynchronous queue: 0.01 turns the first retry's minute into 0.6 s. */
  retryScale: number;
  accountConcurrency: number;
  /** Instance processes this machine is asked to hold at once; past it, invocations wait for a free one. */
  maxInstances: number;
  cpu: CpuControl;
  /** Stop idle instances until their next invocation. */
  freeze: boolean;
  /** Program that runs the instances; must be Node. */
  node: string;
  /** Every process waits for a debugger before it starts; no time or memory limit applies, nothing is frozen or throttled. */
  inspect: boolean;
  /** Error of a timeout in the shape AWS used until 2025. */
  oldTimeoutError: boolean;
}

export interface CommandLine {
  options: EmulatorOptions;
  /** End when standard input closes. */
  stdin: boolean;
}

/** Wrong usage: the process exits with 2. */
export class UsageError extends Error {}

export const usage = `Usage: node emulator/main.ts [options]
  --port N              port on 127.0.0.1; 0 = any free one (default 0)
  --data DIR            keep functions, queue and logs here (default: a temporary folder)
  --fidelity aws|fast   aws: CPU share, freezing and times of AWS; fast: none of them (default aws)
  --stdin               end when standard input closes
  --region R            default us-east-1
  --account ID          twelve digits, default 123456789012
  --hop-ms N            platform wait of a synchronous invocation
  --async-hop-ms N      platform wait until an asynchronous invocation is acknowledged
  --async-delivery-ms N from acknowledged to delivered
  --cold-start-ms N     before INIT of a new instance
  --init-ms N           least duration of INIT
  --keep-alive-ms N     idle lifetime of an instance
  --create-ms N         CreateFunction until Active
  --update-ms N         update until Successful
  --retry-scale F       factor on the waits of the asynchronous queue (default 1)
  --concurrency N       account concurrency (default 1000)
  --max-instances N     instance processes at once on this machine
  --cpu auto|cgroup|steer|off   CPU share by memory
  --freeze on|off       stop idle instances
  --node PATH           Node that runs the instances (default: the one running the emulator)
  --inspect             instances wait for a debugger, without time and memory limits; see /_emulator/state
  --timeout-error new|old       error of a timeout as AWS gives it since 2025, or before`;

/** Reads the command line. Throws UsageError on anything unknown or out of range. */
export function parseCommandLine(args: string[]): CommandLine {
  const values = readValues(args);
  const text = (name: string): string | undefined => values[name] as string | undefined;
  const fidelity = oneOf("fidelity", text("fidelity") ?? "aws", ["aws", "fast"] as const);
  const real = fidelity === "aws";
  const number = (name: string, fallback: number, least = 0, most = Number.MAX_SAFE_INTEGER): number => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = Number(given);
    if (given.trim() === "" || !Number.isFinite(value) || value < least || value > most) {
      throw new UsageError(
        `--${name} needs a number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ""}, not "${given}"`,
      );
    }
    return value;
  };
  const accountId = text("account") ?? "123456789012";
  if (!/^\d{12}$/.test(accountId)) throw new UsageError(`--account needs twelve digits, not "${accountId}"`);
  const region = text("region") ?? "us-east-1";
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new UsageError(`--region needs a region such as eu-central-1, not "${region}"`);
  const port = number("port", 0, 0, 65_535);
  if (!Number.isInteger(port)) throw new UsageError(`--port needs a whole number, not "${text("port")}"`);
  const inspect = values["inspect"] === true;
  const options: EmulatorOptions = {
    port,
    fidelity,
    region,
    accountId,
    hopMs: number("hop-ms", real ? calibration.syncHopMs : 0),
    asyncHopMs: number("async-hop-ms", real ? calibration.asyncAcceptMs : 0),
    asyncDeliveryMs: number("async-delivery-ms", real ? calibration.asyncDeliveryMs : 0),
    coldStartMs: number("cold-start-ms", real ? calibration.coldStartMs : 0),
    initMs: number("init-ms", real ? calibration.initMs : 0),
    keepAliveMs: number("keep-alive-ms", calibration.keepAliveMs),
    createMs: number("create-ms", real ? calibration.createMs : 0),
    updateMs: number("update-ms", real ? calibration.updateMs : 0),
    retryScale: number("retry-scale", 1),
    accountConcurrency: number("concurrency", calibration.accountConcurrency, 1),
    maxInstances: number("max-instances", defaultInstances(), 1),
    // A process that a debugger holds must answer it.
    cpu: inspect ? "off" : oneOf("cpu", text("cpu") ?? (real ? "auto" : "off"), ["auto", "cgroup", "steer", "off"] as const),
    freeze: !inspect && oneOf("freeze", text("freeze") ?? (real ? "on" : "off"), ["on", "off"] as const) === "on",
    inspect,
    node: text("node") ?? process.execPath,
    oldTimeoutError: oneOf("timeout-error", text("timeout-error") ?? "new", ["new", "old"] as const) === "old",
  };
  const dataDir = text("data");
  if (dataDir !== undefined) options.dataDir = dataDir;
  return { options, stdin: values["stdin"] === true };
}

/** Node processes of an ordinary function need about 40 MB each; half of the memory may go to them. */
function defaultInstances(): number {
  return Math.max(
    8 * availableParallelism(),
    Math.min(calibration.accountConcurrency, Math.floor(totalmem() / 2 / (40 * 1_048_576))),
  );
}

function readValues(args: string[]): Record<string, string | boolean | undefined> {
  const valued = [...usage.matchAll(/^ {2}--([a-z-]+) (?! )/gm)].map((match) => match[1] as string);
  const options: Record<string, { type: "string" | "boolean" }> = {
    stdin: { type: "boolean" },
    help: { type: "boolean" },
    inspect: { type: "boolean" },
  };
  for (const name of valued) options[name] = { type: "string" };
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf<const T extends readonly string[]>(name: string, value: string, allowed: T): T[number] {
  if (!allowed.includes(value)) throw new UsageError(`--${name} is one of ${allowed.join(", ")}, not "${value}"`);
  return value;
}
