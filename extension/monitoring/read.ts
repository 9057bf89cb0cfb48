/** Reads monitoring records and the platform's reports from CloudWatch Logs, or whatever speaks its protocol. */
import { setTimeout as delay } from "node:timers/promises";
import { CloudWatchLogsClient, FilterLogEventsCommand, type FilterLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { UserError } from "../core/errors.ts";
import type { InvocationRecord } from "../core/record.ts";
import { isLoopback } from "../deployment/endpoint/loopback.ts";
import type { Target } from "../deployment/target.ts";
import { parseLine, type Report } from "./lines.ts";
import { joinParts } from "./parts.ts";

/** Where the next read goes on. Plain JSON, may be kept on disk. */
export interface Cursor {
  version: 1;
  /** Per log group: events from this time on (ms since the epoch) may be new, except those already seen. */
  groups: Record<string, { from: number; seen: string[] }>;
  /** Parts of records of which other parts have not arrived yet. */
  pending: InvocationRecord[];
}

export interface ReadOptions {
  target: Target;
  logGroups: string[];
  /** ms since the epoch; only used for log groups that the cursor does not know. */
  from: number;
  /** ms since the epoch, included. */
  to?: number;
  cursor?: Cursor | undefined;
  signal?: AbortSignal | undefined;
  /** Taken instead of a client of its own; it is not closed. */
  client?: Pick<CloudWatchLogsClient, "send">;
}

export interface ReadResult {
  records: InvocationRecord[];
  reports: Report[];
  cursor: Cursor;
  /** Lines that look like ours or the platform's, but cannot be understood. */
  malformed: number;
}

/** Events may become visible late, out of order: each read goes back this far behind the newest event, ms. */
const OVERLAP_MS = 120_000;
/** FilterLogEvents allows 5 requests a second in the tightest regions: one every 210 ms stays below. */
const AWS_PACE_MS = 210;
const RETRIES = 8;
const RETRYABLE = new Set([
  "ThrottlingException",
  "TooManyRequestsException",
  "LimitExceededException",
  "ServiceUnavailableException",
]);
/** Terms joined by "or". */
const PATTERN = '?fusionize ?REPORT ?"platform.report"';

/**
 * Other implementations of the API take `?` for a letter and find nothing (MiniStack), or ignore patterns: there everything is
 * read, which costs nothing where it does not leave this machine.
 */
function understandsPatterns({ kind, endpoint }: Target): boolean {
  return kind === "local" || !isLoopback(endpoint);
}

/**
 * Reads what is new. Log groups that do not exist yet hold nothing. Rejects with the signal's reason when cancelled, and
 * with `UserError("logs-unreadable")` when the endpoint refuses.
 */
export async function readRecords(options: ReadOptions): Promise<ReadResult> {
  const client = options.client ?? logsClient(options.target);
  try {
    return await readAll(client, options);
  } finally {
    if (client instanceof CloudWatchLogsClient && client !== options.client) client.destroy();
  }
}

export function logsClient(target: Target): CloudWatchLogsClient {
  return new CloudWatchLogsClient({
    region: target.region,
    ...(target.endpoint !== undefined ? { endpoint: target.endpoint } : {}),
    ...(target.credentials
      ? { credentials: target.credentials }
      : target.profile !== undefined
        ? { credentials: fromNodeProviderChain({ profile: target.profile }) }
        : {}),
  });
}

async function readAll(client: Pick<CloudWatchLogsClient, "send">, options: ReadOptions): Promise<ReadResult> {
  const lines: InvocationRecord[] = [...(options.cursor?.pending ?? [])];
  const reports: Report[] = [];
  const groups: Cursor["groups"] = { ...options.cursor?.groups };
  let malformed = 0;
  for (const logGroup of options.logGroups) {
    const known = groups[logGroup] ?? { from: options.from, seen: [] };
    const seen = new Set(known.seen);
    const times = new Map<string, number>();
    let newest = 0;
    let nextToken: string | undefined;
    do {
      const page = await request(client, options, logGroup, known.from, nextToken);
      for (const event of page?.events ?? []) {
        const timestamp = event.timestamp ?? 0;
        const eventId = event.eventId ?? `${event.logStreamName} ${timestamp} ${event.message}`;
        newest = Math.max(newest, timestamp);
        if (times.has(eventId)) continue;
        times.set(eventId, timestamp);
        if (seen.has(eventId)) continue;
        const line = parseLine((event.message ?? "").trimEnd(), logGroup, timestamp);
        if (line?.kind === "record") lines.push(line.record);
        else if (line?.kind === "report") reports.push(line.report);
        else if (line) malformed++;
      }
      nextToken = page?.nextToken;
    } while (nextToken);
    const from = Math.max(known.from, newest - OVERLAP_MS);
    groups[logGroup] = { from, seen: [...times].filter(([, timestamp]) => timestamp >= from).map(([eventId]) => eventId) };
  }
  const { records, pending } = joinParts(lines);
  return { records, reports, cursor: { version: 1, groups, pending }, malformed };
}

async function request(
  client: Pick<CloudWatchLogsClient, "send">,
  options: ReadOptions,
  logGroupName: string,
  startTime: number,
  nextToken: string | undefined,
): Promise<FilterLogEventsCommandOutput | undefined> {
  const { signal } = options;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    if (options.target.kind === "aws") await delay(AWS_PACE_MS, undefined, signal ? { signal } : {});
    try {
      const command = new FilterLogEventsCommand({
        logGroupName,
        startTime,
        ...(options.to !== undefined ? { endTime: options.to } : {}),
        ...(nextToken !== undefined ? { nextToken } : {}),
        ...(understandsPatterns(options.target) && { filterPattern: PATTERN }),
        limit: 10_000,
      });
      return await client.send(command, signal ? { abortSignal: signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      const name = error instanceof Error ? error.name : "";
      if (name === "ResourceNotFoundException") return undefined;
      if (!RETRYABLE.has(name) || attempt >= RETRIES) {
        const reason = error instanceof Error ? error.message || name : String(error);
        throw new UserError(
          "logs-unreadable",
          `The log group ${logGroupName} could not be read: ${reason}`,
          options.target.kind === "local"
            ? "Is the emulator still running?"
            : "Check region and credentials, and that logs:FilterLogEvents is allowed.",
          { cause: error },
        );
      }
      // Full jitter: many readers that were throttled together must not come back together.
      await delay(Math.random() * Math.min(10_000, 100 * 2 ** attempt), undefined, signal ? { signal } : {});
    }
  }
}
