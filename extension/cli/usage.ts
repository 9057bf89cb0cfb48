/** Commands and options of the terminal tool, in one table: parsing, help text and the check for unknown words come from it. */
import { parseArgs } from "node:util";

/** Wrong use of the command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

interface OptionSpec {
  type: "string" | "boolean";
  /** Shown in the help; for strings the placeholder stands first: `N requests`. */
  help: string;
  /** Checks and converts; absent = taken as it is. */
  parse?: (text: string, option: string) => unknown;
}

const number =
  (least: number, whole: boolean, most = Infinity) =>
  (text: string, option: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || value < least || value > most || (whole && !Number.isInteger(value))) {
      throw new UsageError(
        `--${option} takes a ${whole ? "whole number" : "number"} of at least ${least}${most < Infinity ? ` and at most ${most}` : ""}, not “${text}”.`,
      );
    }
    return value;
  };

const oneOf =
  (...values: string[]) =>
  (text: string, option: string): string => {
    if (!values.includes(text)) throw new UsageError(`--${option} is one of ${values.join(", ")}, not “${text}”.`);
    return text;
  };

const list = (text: string): string[] =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

const account = (text: string, option: string): string => {
  if (!/^\d{12}$/.test(text)) throw new UsageError(`--${option} takes the 12 digits of an account, not “${text}”.`);
  return text;
};

const OPTIONS = {
  json: { type: "boolean", help: "one JSON document on standard output, everything else on standard error" },
  mermaid: { type: "boolean", help: "the graph as a Mermaid diagram" },
  dot: { type: "boolean", help: "the graph as a Graphviz diagram" },
  port: { type: "string", help: "N       port to listen on, 0 = any free one (default 0)", parse: number(0, true, 65_535) },
  data: { type: "string", help: "DIR     where state is kept (default: a temporary folder)" },
  fidelity: {
    type: "string",
    help: "aws|fast  with or without AWS's delays and CPU shares (default aws)",
    parse: oneOf("aws", "fast"),
  },
  setup: { type: "string", help: "FILE   a setup to run instead of the current one (JSON, the shape of “functions”)" },
  task: { type: "string", help: "T       the task to send requests to (default: every entry)" },
  event: { type: "string", help: "FILE   the event to send (default: the saved events of the task)" },
  requests: { type: "string", help: "N   root requests (default 50)", parse: number(1, true) },
  rate: { type: "string", help: "R       requests per second (default 1)", parse: number(0.01, false) },
  cold: { type: "boolean", help: "every request meets only new instances" },
  seed: { type: "string", help: "N       of everything random", parse: number(0, true) },
  target: { type: "string", help: "local|aws  where to run (default local)", parse: oneOf("local", "aws") },
  profile: { type: "string", help: "FILE an application profile to optimise instead of a measured one" },
  goal: { type: "string", help: "G       latency, cost, balanced, or p95<MS (default: the app's own)" },
  apply: { type: "boolean", help: "write the suggested setup to fusionize.json" },
  endpoint: { type: "string", help: "URL  a Lambda endpoint instead of AWS" },
  "aws-profile": { type: "string", help: "P credentials profile" },
  region: { type: "string", help: "R     region" },
  stage: { type: "string", help: "S      stage, part of every name (default dev)" },
  yes: { type: "boolean", help: "do not ask for consent" },
  role: { type: "string", help: "ARN     one execution role for all functions (default: one for each is made)" },
  policies: { type: "string", help: "ARNS  policies for the roles made, with commas between", parse: list },
  "permissions-boundary": { type: "string", help: "ARN  permissions boundary of the roles made" },
  urls: {
    type: "string",
    help: "iam|public|none  HTTPS addresses of entries (default iam)",
    parse: oneOf("iam", "public", "none"),
  },
  architecture: {
    type: "string",
    help: "x86_64|arm64  processor of the functions (default x86_64)",
    parse: oneOf("x86_64", "arm64"),
  },
  "keep-releases": { type: "string", help: "N  earlier releases to keep (default 1)", parse: number(0, true, 100) },
  canary: {
    type: "string",
    help: "SHARE  give the new release this share of the requests first, such as 0.1",
    parse: number(0.001, false, 0.999),
  },
  "canary-seconds": { type: "string", help: "N  how long (default 300)", parse: number(1, false, 86_400) },
  tolerated: { type: "string", help: "SHARE  of the canary's requests that may fail (default 0.01)", parse: number(0, false, 1) },
  "requests-per-month": { type: "string", help: "N  for the estimate (default 1,000,000)", parse: number(0, false) },
  to: { type: "string", help: "R         the release to return to, such as r3 (default: the one before)" },
  logs: { type: "boolean", help: "delete the logs, too" },
  format: { type: "string", help: "sam|cloudformation  (default sam)", parse: oneOf("sam", "cloudformation") },
  out: { type: "string", help: "DIR      where to write (default: export/ in the app's folder)" },
  account: { type: "string", help: "N    12 digits (default: that of the credentials)", parse: account },
  measure: { type: "boolean", help: "with the rights to send requests and to read logs" },
  block: { type: "string", help: "N      requests that are looked at together (default 20)", parse: number(1, true, 10_000) },
  every: { type: "string", help: "SECONDS  from one look to the next (default 60)", parse: number(0.1, false, 86_400) },
  seconds: { type: "string", help: "N    stop after this long (default: until stopped)", parse: number(1, false) },
  "hop-ms": { type: "string", help: "N     platform wait of a synchronous invocation", parse: number(0, false) },
  "async-hop-ms": { type: "string", help: "N  platform wait until an asynchronous one is acknowledged", parse: number(0, false) },
  "async-delivery-ms": { type: "string", help: "N  from acknowledged to delivered", parse: number(0, false) },
  "cold-start-ms": { type: "string", help: "N  before INIT of a new instance", parse: number(0, false) },
  "init-ms": { type: "string", help: "N    least duration of INIT", parse: number(0, false) },
  "keep-alive-ms": { type: "string", help: "N  idle lifetime of an instance", parse: number(0, false) },
  "create-ms": { type: "string", help: "N  CreateFunction until Active", parse: number(0, false) },
  "update-ms": { type: "string", help: "N  update until Successful", parse: number(0, false) },
  "retry-scale": { type: "string", help: "F  factor on the waits of the asynchronous queue", parse: number(0, false) },
  concurrency: { type: "string", help: "N  concurrency of the account (default 1000)", parse: number(1, false) },
  "max-instances": { type: "string", help: "N  instance processes at once on this machine", parse: number(1, false) },
  cpu: {
    type: "string",
    help: "auto|cgroup|steer|off  how the CPU share by memory is kept",
    parse: oneOf("auto", "cgroup", "steer", "off"),
  },
  freeze: { type: "string", help: "on|off  stop idle instances", parse: oneOf("on", "off") },
  inspect: { type: "boolean", help: "instances wait for a debugger, without time and memory limits" },
  "timeout-error": {
    type: "string",
    help: "new|old  error of a timeout as AWS gives it since 2025, or before",
    parse: oneOf("new", "old"),
  },
} as const satisfies Record<string, OptionSpec>;

/** What `fusionize emulator` hands on to the emulator as it is; the emulator has a default for each. */
export const EMULATOR_KNOBS = [
  "region",
  "account",
  "hop-ms",
  "async-hop-ms",
  "async-delivery-ms",
  "cold-start-ms",
  "init-ms",
  "keep-alive-ms",
  "create-ms",
  "update-ms",
  "retry-scale",
  "concurrency",
  "max-instances",
  "cpu",
  "freeze",
  "inspect",
  "timeout-error",
] as const;

export type OptionName = keyof typeof OPTIONS;

interface CommandSpec {
  summary: string;
  /** `required`: one app folder; `optional`: none or one; `none`. */
  app: "required" | "optional" | "none";
  options: readonly OptionName[];
}

const RUN = ["setup", "task", "event", "requests", "rate", "cold", "fidelity", "seed", "target"] as const;
const AWS = ["endpoint", "aws-profile", "region", "stage", "role"] as const;
const SHAPE = ["policies", "permissions-boundary", "urls", "architecture"] as const;
const DEPLOY = [...AWS, ...SHAPE, "keep-releases", "requests-per-month"] as const;
/** Of `run`: mean something with --target aws only. */
export const AWS_ONLY = ["yes", ...AWS, ...SHAPE] as const;
const CANARY = ["canary", "canary-seconds", "tolerated"] as const;

export const COMMANDS = {
  graph: { summary: "tasks, calls and the current setup", app: "required", options: ["json", "mermaid", "dot"] },
  emulator: {
    summary: "Lambda and CloudWatch Logs on this machine, until stopped",
    app: "none",
    options: ["port", "data", "fidelity", ...EMULATOR_KNOBS],
  },
  run: {
    summary: "deploy, send requests, measure",
    app: "required",
    options: ["json", ...RUN, ...AWS_ONLY],
  },
  profile: { summary: "the application profile measured so far", app: "required", options: ["json", "target"] },
  optimize: {
    summary: "the front of setups and the suggestion",
    app: "optional",
    options: ["json", "target", "profile", "goal", "apply", "seed"],
  },
  accept: {
    summary: "take the suggestion over, compare it with the old setup, go back unless it is better",
    app: "required",
    options: ["json", "setup", "task", "event", "requests", "rate", "block", "goal", "fidelity", "seed", "target", ...AWS_ONLY],
  },
  predictions: { summary: "what was predicted of each setup, and what was measured", app: "required", options: ["json"] },
  monitor: {
    summary: "look at a sample now and then; say when it is time to optimise again",
    app: "required",
    options: ["json", "task", "event", "rate", "block", "every", "seconds", "fidelity", "target", ...AWS],
  },
  plan: { summary: "what a deployment would do", app: "required", options: ["json", ...DEPLOY] },
  deploy: { summary: "deploy to AWS, after consent", app: "required", options: ["json", "yes", ...DEPLOY, ...CANARY] },
  releases: { summary: "the releases that are deployed", app: "required", options: ["json", ...AWS] },
  rollback: { summary: "return to the release before, after consent", app: "required", options: ["json", "yes", "to", ...AWS] },
  destroy: {
    summary: "remove everything of the stage, after consent",
    app: "required",
    options: ["json", "yes", "logs", ...AWS],
  },
  watch: { summary: "requests on AWS as their logs arrive", app: "required", options: ["json", "seconds", ...AWS] },
  export: {
    summary: "a SAM or CloudFormation template with the bundles",
    app: "required",
    options: ["json", "format", "out", "stage", "role", "urls", "architecture"],
  },
  policy: {
    summary: "the rights that whoever deploys needs, as an IAM policy",
    app: "required",
    options: ["json", "account", "measure", ...AWS],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;
export type Options = { [name in OptionName]?: unknown };

export interface Parsed {
  command: CommandName;
  app: string | undefined;
  options: {
    json?: boolean;
    mermaid?: boolean;
    dot?: boolean;
    cold?: boolean;
    apply?: boolean;
    yes?: boolean;
    port?: number;
    requests?: number;
    rate?: number;
    seed?: number;
    data?: string;
    fidelity?: "aws" | "fast";
    setup?: string;
    task?: string;
    event?: string;
    target?: "local" | "aws";
    profile?: string;
    goal?: string;
    endpoint?: string;
    "aws-profile"?: string;
    region?: string;
    stage?: string;
    role?: string;
    policies?: string[];
    "permissions-boundary"?: string;
    urls?: "iam" | "public" | "none";
    architecture?: "x86_64" | "arm64";
    "keep-releases"?: number;
    canary?: number;
    "canary-seconds"?: number;
    tolerated?: number;
    "requests-per-month"?: number;
    to?: string;
    logs?: boolean;
    format?: "sam" | "cloudformation";
    out?: string;
    account?: string;
    measure?: boolean;
    block?: number;
    every?: number;
    seconds?: number;
  };
}

/** @throws UsageError naming the first word that is wrong. */
export function parse(args: string[]): Parsed {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageError("Name a command.");
  if (!(name in COMMANDS)) throw new UsageError(`There is no command “${name}”.`);
  const command = name as CommandName;
  const spec: CommandSpec = COMMANDS[command];
  const specs = Object.fromEntries(spec.options.map((option) => [option, { type: OPTIONS[option].type }]));
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: rest, options: specs, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". ")[0]!.replace(/\.$/, "")} (command “${command}”).`);
  }
  const { values, positionals } = parsed;
  const most = spec.app === "none" ? 0 : 1;
  if (positionals.length > most) throw new UsageError(`“${positionals[most]}” is one argument too many for “${command}”.`);
  if (spec.app === "required" && positionals.length === 0) throw new UsageError(`“${command}” needs the folder of an app.`);
  const options: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(values)) {
    const convert = (OPTIONS[option as OptionName] as OptionSpec).parse;
    options[option] = typeof value === "string" && convert ? convert(value, option) : value;
  }
  return { command, app: positionals[0], options };
}

export function help(command?: string): string {
  if (command !== undefined && command in COMMANDS) {
    const spec: CommandSpec = COMMANDS[command as CommandName];
    const argument = { required: " <app>", optional: " [app]", none: "" }[spec.app];
    const lines = spec.options.map((option) => `  --${option} ${OPTIONS[option].help}`);
    return [`fusionize ${command}${argument} [options]`, `  ${spec.summary}`, "", ...lines].join("\n");
  }
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return ["fusionize <command> [app] [options]", "", ...lines, "", "fusionize <command> --help shows its options."].join("\n");
}
