import type { Revision } from "./revision.ts";

/** When INIT ran: with the first request, or ahead of it. */
export type Initialisation = "on-demand" | "provisioned-concurrency";

/** Where an instance finds the rest of the world. */
export interface Surroundings {
  region: string;
  accountId: string;
  endpoint: string;
  temporary: string;
  logStream: string;
  node: string;
  initialisation: Initialisation;
}

const overridable = new Set([
  "LANG",
  "PATH",
  "TZ",
  "LD_LIBRARY_PATH",
  "AWS_XRAY_CONTEXT_MISSING",
  "AWS_XRAY_DAEMON_ADDRESS",
  "AWS_LAMBDA_LOG_FORMAT",
  "AWS_LAMBDA_LOG_LEVEL",
  "TMPDIR",
  "HOME",
]);

/** Environment of an instance as Lambda's Node runtime has it, with the endpoints that lead the AWS clients back to the emulator. */
export function instanceEnvironment(revision: Revision, at: Surroundings): Record<string, string> {
  const { settings } = revision;
  const major = /\d+/.exec(settings.runtime)?.[0] ?? "24";
  const reserved: Record<string, string> = {
    AWS_ACCESS_KEY_ID: "ASIAFUSIONIZEEMULATOR",
    AWS_SECRET_ACCESS_KEY: "emulator",
    AWS_SESSION_TOKEN: "emulator",
    AWS_REGION: at.region,
    AWS_DEFAULT_REGION: at.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${settings.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: revision.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: revision.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: at.initialisation,
    AWS_LAMBDA_LOG_GROUP_NAME: settings.logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: at.logStream,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1:2000",
    _AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1",
    _AWS_XRAY_DAEMON_PORT: "2000",
    LAMBDA_TASK_ROOT: revision.root,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    _HANDLER: settings.handler,
    LANG: "en_US.UTF-8",
    PATH: process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
    NODE_PATH: `/opt/nodejs/node${major}/node_modules:/opt/nodejs/node_modules:${revision.root}`,
    PWD: revision.root,
    SHLVL: "0",
    TZ: ":UTC",
    TMPDIR: at.temporary,
  };
  if (process.platform === "win32")
    Object.assign(reserved, { TEMP: at.temporary, TMP: at.temporary, SystemRoot: process.env["SystemRoot"] ?? "C:\\Windows" });
  if (settings.logging.format === "JSON") {
    reserved["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
    reserved["AWS_LAMBDA_LOG_LEVEL"] = settings.logging.applicationLevel ?? "INFO";
  }
  // Not set on AWS. Clients in the function reach this emulator by them; a function may point elsewhere.
  const endpoints = { AWS_ENDPOINT_URL_LAMBDA: at.endpoint, AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: at.endpoint };
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(settings.environment ?? {})) {
    if (name.startsWith("_") || (name in reserved && !overridable.has(name))) continue;
    own[name] = value;
  }
  return { ...endpoints, ...reserved, ...own };
}

/** Variables that Node reads only when it starts; a function that sets one needs a process started for it. */
export function startEnvironment(settings: Revision["settings"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings.environment ?? {}).filter(([name]) => name.startsWith("NODE_") && name !== "NODE_ENV"),
  );
}

/** Flags of Lambda's Node: no `require()` of ES modules, no guessing of module syntax, and a heap sized by memory (about 5 % young, the rest old) unless NODE_OPTIONS says otherwise. */
export function nodeFlags(settings: Revision["settings"]): string[] {
  const options = settings.environment?.["NODE_OPTIONS"] ?? "";
  const flags = ["--no-experimental-require-module", "--no-experimental-detect-module"].filter(
    (flag) => !options.includes(flag.replace("--no-", "--")),
  );
  if (!options.includes("old-space-size")) flags.push(`--max-old-space-size=${Math.floor(settings.memorySize * 0.9)}`);
  if (!options.includes("semi-space-size"))
    flags.push(`--max-semi-space-size=${Math.min(64, Math.max(1, Math.floor(settings.memorySize * 0.05)))}`);
  return flags;
}
