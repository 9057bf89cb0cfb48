import { join } from "node:path";
import { OPERATIONS } from "./operations/table.ts";
import { newGroup } from "./operations/groups.ts";
import { Refusal } from "./refusal.ts";
import { type Answer, EventStreamAnswer, type Exchange, type Service } from "./service.ts";
import { LogStore } from "./storage/store.ts";

export interface LogsOptions {
  /** Folder that holds the logs, in its subfolder `logs`; made when missing. */
  dataDir: string;
  region: string;
  accountId: string;
  /** Epoch milliseconds; `Date.now` when absent. */
  clock?: () => number;
  /** Told about what the caller of an operation cannot be told: a disk that refuses, damaged files. Default: stderr. */
  problem?: (message: string) => void;
}

export interface Logs {
  /**
   * Answers one call of the CloudWatch Logs API; `operation` is what follows `Logs_20140328.` in `X-Amz-Target`, `body` the
   * parsed JSON. Never rejects: errors are answers too. An aborted `signal` ends searches and Live Tail sessions.
   */
  handle(operation: string, body: unknown, exchange: Exchange): Promise<Answer>;
  /** Adds events in the order given, making group and stream when missing. They can be read at once and reach the disk within milliseconds. */
  append(group: string, stream: string, events: readonly { timestamp: number; message: string }[]): void;
  /** Resolves when all that was appended is in the files. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const RETENTION_CHECK_MS = 3_600_000;

export function createLogs(options: LogsOptions): Logs {
  const clock = options.clock ?? Date.now;
  const problem = options.problem ?? ((message: string) => void process.stderr.write(`logs: ${message}\n`));
  const store = new LogStore(join(options.dataDir, "logs"), problem);
  const service: Service = { store, region: options.region, accountId: options.accountId, clock };
  let dropped = 0;
  const retention = setInterval(() => {
    for (const group of store.loaded()) group.expire(clock()).catch((error: Error) => problem(error.message));
  }, RETENTION_CHECK_MS);
  retention.unref();

  return {
    async handle(operation, body, exchange) {
      try {
        const run = Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined;
        if (!run) throw new Refusal("UnknownOperationException", `The emulator has no operation ${operation}.`);
        const answer = await run(service, body, exchange);
        if (answer instanceof EventStreamAnswer) {
          return { status: 200, stream: answer.stream, headers: { "content-type": "application/vnd.amazon.eventstream" } };
        }
        return { status: 200, body: answer ?? {} };
      } catch (error) {
        if (!(error instanceof Refusal)) problem(`${operation}: ${(error as Error).stack}`);
        const refusal = error instanceof Refusal ? error : new Refusal("InternalServerException", "Internal error");
        return { status: refusal.status, body: { __type: refusal.code, message: refusal.message, ...refusal.members } };
      }
    },
    append(groupName, streamName, events) {
      const now = clock();
      const group = store.group(groupName) ?? store.create(newGroup(groupName, now));
      const stream = group.streams.get(streamName) ?? group.createStream(streamName, now);
      if (group.append(stream, events, now)) return;
      if (dropped === 0) problem(`${groupName}: events are dropped while the disk takes no more`);
      dropped += events.length;
    },
    flush: () => store.flush(),
    async close() {
      clearInterval(retention);
      await store.close();
    },
  };
}
