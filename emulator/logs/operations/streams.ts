import {
  fromToken,
  groupArn,
  groupIdentifierField,
  groupNameField,
  limitField,
  streamNameField,
  token,
  tokenField,
} from "../names.ts";
import { invalidParameter, streamExists } from "../refusal.ts";
import { type Operation, type Service, findGroup, findStream, identifiedGroup } from "../service.ts";
import type { LogGroup, LogStream } from "../storage/group.ts";
import { boolean, parse, required, string } from "../validation.ts";

const names = () => ({ logGroupName: required(groupNameField()), logStreamName: required(streamNameField()) });

export const createLogStream: Operation = async (service, body) => {
  const input = parse(names(), body);
  const group = findGroup(service, input.logGroupName);
  if (group.streams.has(input.logStreamName)) throw streamExists();
  group.createStream(input.logStreamName, service.clock());
  await group.segments.flush();
};

export const deleteLogStream: Operation = async (service, body) => {
  const input = parse(names(), body);
  const group = findGroup(service, input.logGroupName);
  group.deleteStream(findStream(group, input.logStreamName));
  await group.segments.flush();
};

/** First and last event times of a stream that retention has not expired. */
function bounds(group: LogGroup, stream: LogStream, now: number): { first?: number; last?: number } {
  const { order } = stream;
  const first = order.find(group.expiry(now));
  if (first >= order.count) return {};
  return {
    first: group.table.timestamp(order.rows[first] as number),
    last: group.table.timestamp(order.rows[order.count - 1] as number),
  };
}

function describe(service: Service, group: LogGroup, stream: LogStream) {
  const { first, last } = bounds(group, stream, service.clock());
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    firstEventTimestamp: first,
    lastEventTimestamp: last,
    lastIngestionTime: stream.lastIngested,
    uploadSequenceToken: stream.lastIngested === undefined ? undefined : uploadSequenceToken(group),
    arn: `${groupArn(service, group.name)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

/** Still part of the answers though the service ignores it since 2023. */
export function uploadSequenceToken(group: LogGroup): string {
  return String(group.table.base + group.table.count).padStart(56, "4903985962720012010000000000000000000000000000000000000");
}

export const describeLogStreams: Operation = (service, body) => {
  const input = parse(
    {
      logGroupName: groupNameField(),
      logGroupIdentifier: groupIdentifierField(),
      logStreamNamePrefix: streamNameField(),
      orderBy: string({ oneOf: ["LogStreamName", "LastEventTime"] }),
      descending: boolean(),
      nextToken: tokenField(),
      limit: limitField(50),
    },
    body,
  );
  const byTime = input.orderBy === "LastEventTime";
  const prefix = input.logStreamNamePrefix;
  if (byTime && prefix !== undefined) {
    throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  }
  const group = identifiedGroup(service, input);
  const now = service.clock();
  const sign = input.descending ? -1 : 1;
  const keyed = [...group.streams.values()]
    .filter((stream) => prefix === undefined || stream.name.startsWith(prefix))
    .map((stream) => ({ stream, time: byTime ? (bounds(group, stream, now).last ?? 0) : 0 }));
  const compare = (a: Key, b: Key) => sign * (a.time - b.time || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const key = (entry: { stream: LogStream; time: number }): Key => ({ time: entry.time, name: entry.stream.name });
  keyed.sort((a, b) => compare(key(a), key(b)));
  const kind = `streams:${group.name}:${input.orderBy ?? "LogStreamName"}:${sign}`;
  const after = input.nextToken === undefined ? undefined : (fromToken(kind, input.nextToken) as Key);
  const rest = after ? keyed.filter((entry) => compare(key(entry), after) > 0) : keyed;
  const limit = input.limit ?? 50;
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return {
    logStreams: shown.map((entry) => describe(service, group, entry.stream)),
    nextToken: rest.length > limit && last ? token(kind, key(last)) : undefined,
  };
};

interface Key {
  time: number;
  name: string;
}
