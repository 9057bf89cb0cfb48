import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import type { CreateFunctionCommandInput, InvokeCommandInput } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";

const main = fileURLToPath(new URL("../../../emulator/main.ts", import.meta.url));
export const role = "arn:aws:iam::123456789012:role/emulator";

/** An emulator in a process of its own, and unmodified AWS clients for it. */
export interface EmulatorProcess {
  endpoint: string;
  process: ChildProcess;
  lambda: LambdaClient;
  logs: CloudWatchLogsClient;
  /** Closes standard input, which ends the emulator, and waits for it. Resolves with its exit code. */
  stop(): Promise<number | null>;
}

export const startEmulatorProcess = (...args: string[]): Promise<EmulatorProcess> => startEmulatorWith([], args);

/** @param node what Node itself is told, such as `--import`; args: the emulator's own. */
export async function startEmulatorWith(node: string[], args: string[]): Promise<EmulatorProcess> {
  const child = spawn(process.execPath, [...node, main, "--stdin", ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    exited.then((code) => Promise.reject(new Error(`The emulator ended with ${code}`))),
  ]);
  const { endpoint } = JSON.parse(line) as { endpoint: string };
  const configuration = {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const lambda = new LambdaClient({ ...configuration, requestHandler: { httpAgent: { keepAlive: true, maxSockets: 300 } } });
  // Live Tail has a host name of its own on AWS.
  const logs = new CloudWatchLogsClient({ ...configuration, disableHostPrefix: true });
  return {
    endpoint,
    process: child,
    lambda,
    logs,
    stop: async () => {
      lambda.destroy();
      logs.destroy();
      child.stdin.end();
      return exited;
    },
  };
}

/** A zip with one ES module whose `handler` has the given body; `event` and `context` are in reach. */
export const handlerZip = (body: string, before = ""): Uint8Array =>
  moduleZip(`${before}\nexport const handler = async (event, context) => { ${body} };`);

export const moduleZip = (source: string, name = "index.mjs"): Uint8Array => zipSync({ [name]: strToU8(source) });

/** Creates a function and waits until it is active. */
export async function createFunction(
  lambda: LambdaClient,
  name: string,
  zip: Uint8Array,
  more: Partial<CreateFunctionCommandInput> = {},
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: zip },
      ...more,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.2 },
    {
      FunctionName: name,
    },
  );
}

export interface Invoked {
  status: number | undefined;
  error: string | undefined;
  version: string | undefined;
  /** Parsed payload; undefined when there is none. */
  value: never;
  tail: string;
}

export async function invoke(
  lambda: LambdaClient,
  name: string,
  event: unknown = {},
  more: Partial<InvokeCommandInput> = {},
): Promise<Invoked> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), ...more }));
  const text = !answer.Payload ? "" : Buffer.from(answer.Payload).toString();
  return {
    status: answer.StatusCode,
    error: answer.FunctionError,
    version: answer.ExecutedVersion,
    value: (text === "" ? undefined : JSON.parse(text)) as never,
    tail: Buffer.from(answer.LogResult ?? "", "base64").toString(),
  };
}

/** All messages of a function's log. */
export async function logLines(logs: CloudWatchLogsClient, name: string): Promise<string[]> {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, nextToken }));
    lines.push(...(answer.events ?? []).map(({ message }) => (message ?? "").trimEnd()));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

/** Repeats until the condition holds. Fails after `seconds`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 20,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Process ids of instances of an emulator, found by their folder or the program they run, both in its data folder. */
export function instanceProcesses(data: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return !command.includes("main.ts") && (command.includes(data) || readlinkSync(`/proc/${pid}/cwd`).startsWith(data));
      } catch {
        return false;
      }
    })
    .map(Number);
}
