/** What functions printed during the invocations of one trace: lines of the log between START and the end of a request. */
import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Target } from "../deployment/target.ts";
import { logsClient } from "./read.ts";

export interface LoggedLine {
  /** ms since the epoch. */
  at: number;
  text: string;
}

export interface RequestPlace {
  logGroup: string;
  request: string;
  /** ms since the epoch: handler entered, and answered. */
  start: number;
  end: number;
}

/** ms around an invocation in which its lines are looked for: INIT comes before, the platform's report after. */
const MARGIN = { before: 15_000, after: 2_000 };
/** Lines kept of one invocation, and pages read for it: a log that floods must not fill the editor. */
const MOST_LINES = 500;
const MOST_PAGES = 10;

type Client = Pick<CloudWatchLogsClient, "send">;
type LogEvent = { logStreamName?: string | undefined; timestamp?: number | undefined; message?: string | undefined };

/** Request id -> its lines, oldest first. Places whose log cannot be read have none: a trace is worth showing without. */
export async function readRequestLines(
  target: Target,
  places: readonly RequestPlace[],
  { signal, client = logsClient(target) }: { signal?: AbortSignal; client?: Client } = {},
): Promise<Map<string, LoggedLine[]>> {
  const groups = Map.groupBy(places, ({ logGroup }) => logGroup);
  const found = new Map<string, LoggedLine[]>();
  await Promise.all(
    [...groups].map(async ([logGroup, requests]) => {
      const startTime = Math.min(...requests.map(({ start }) => start)) - MARGIN.before;
      const endTime = Math.max(...requests.map(({ end }) => end)) + MARGIN.after;
      const events = await readGroup(client, { logGroup, startTime, endTime }, signal).catch(() => {
        signal?.throwIfAborted();
        return [];
      });
      for (const { request } of requests) found.set(request, linesOf(events, request));
    }),
  );
  return found;
}

async function readGroup(
  client: Client,
  { logGroup, startTime, endTime }: { logGroup: string; startTime: number; endTime: number },
  signal: AbortSignal | undefined,
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await client.send(
      new FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: Math.max(0, Math.floor(startTime)),
        endTime: Math.ceil(endTime),
        ...(nextToken !== undefined && { nextToken }),
      }),
      signal ? { abortSignal: signal } : {},
    );
    events.push(...(answer.events ?? []));
    ({ nextToken } = answer);
    if (nextToken === undefined) break;
  }
  return events;
}

const platform = /^(?:INIT_START|START|END|REPORT|INIT_REPORT|XRAY) /;

/** An instance serves one request at a time: what its stream holds between START and END belongs to the request. */
export function linesOf(events: readonly LogEvent[], request: string): LoggedLine[] {
  const lines: LoggedLine[] = [];
  const open = new Set<string>();
  for (const { logStreamName = "", timestamp = 0, message = "" } of events) {
    const text = message.trimEnd();
    const mark = markOf(text, request);
    if (mark === "start") open.add(logStreamName);
    else if (mark === "end") open.delete(logStreamName);
    if (mark || !open.has(logStreamName) || !text) continue;
    if (platform.test(text) || isOurs(text)) continue;
    if (lines.length < MOST_LINES) lines.push({ at: timestamp, text: plainLine(text) });
  }
  return lines;
}

function markOf(text: string, request: string): "start" | "end" | undefined {
  if (text.startsWith(`START RequestId: ${request}`)) return "start";
  if (text.startsWith(`END RequestId: ${request}`)) return "end";
  if (!text.startsWith("{") || !text.includes(request)) return undefined;
  if (text.includes('"type":"platform.start"')) return "start";
  return /"type":"platform\.(?:runtimeDone|report)"/.test(text) ? "end" : undefined;
}

const isOurs = (text: string): boolean =>
  text.startsWith("{") && (text.includes('"fusionize":1') || /"type":"platform\.\w+"/.test(text));

/** `<time>\t<request>\tINFO\ttext` of the runtime -> `INFO text`; other lines as they are. */
const plainLine = (text: string): string => text.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z\t[\w-]+\t([A-Z]+)\t/, "$1 ");
