import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { type Logs, createLogs } from "../../../emulator/logs/index.ts";

export const REGION = "eu-central-1";
export const ACCOUNT = "000000000000";

export interface LogsServer {
  readonly client: CloudWatchLogsClient;
  /** Another client with its own connections, to be destroyed by who asked for it. */
  newClient(): CloudWatchLogsClient;
  readonly logs: Logs;
  readonly endpoint: string;
  /** Closes the logs and opens them again on the same folder, as a restart of the emulator does. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

async function answer(logs: Logs, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
  const text = Buffer.concat(chunks).toString();
  const result = await logs.handle(operation, text === "" ? {} : JSON.parse(text), { signal: gone.signal });
  response.writeHead(result.status, { "content-type": "application/x-amz-json-1.1", ...result.headers });
  if (!result.stream) {
    response.end(JSON.stringify(result.body));
    return;
  }
  for await (const chunk of result.stream)
    if (!response.write(chunk)) await new Promise((resolve) => response.once("drain", resolve));
  response.end();
}

/** CloudWatch Logs alone behind HTTP, and the unmodified client of the SDK in front of it. */
export async function startLogs(options: { clock?: () => number } = {}): Promise<LogsServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "fusionize-logs-"));
  const open = () => createLogs({ dataDir, region: REGION, accountId: ACCOUNT, clock: options.clock });
  let logs = open();
  const server = createServer((request, response) => {
    answer(logs, request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const newClient = () =>
    new CloudWatchLogsClient({
      endpoint,
      region: REGION,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
      // Live Tail's host prefix would make it look for stream-127.0.0.1.
      disableHostPrefix: true,
    });
  const client = newClient();
  return {
    client,
    newClient,
    endpoint,
    get logs() {
      return logs;
    },
    async restart() {
      await logs.close();
      logs = open();
    },
    async stop() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await logs.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
