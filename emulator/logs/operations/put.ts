import { groupNameField, streamNameField } from "../names.ts";
import { Refusal, invalidParameter } from "../refusal.ts";
import { type Operation, findGroup, findStream } from "../service.ts";
import type { LogGroup } from "../storage/group.ts";
import { integer, list, parse, required, string, structure } from "../validation.ts";
import { uploadSequenceToken } from "./streams.ts";

/** Bytes of a batch, and what the service counts for each event beyond its message. */
export const MAX_BATCH_BYTES = 1_048_576;
export const EVENT_OVERHEAD = 26;
const MAX_EVENT_BYTES = 1_048_576;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Rejected {
  tooNewLogEventStartIndex?: number;
  tooOldLogEventEndIndex?: number;
  expiredLogEventEndIndex?: number;
}

export const putLogEvents: Operation = async (service, body) => {
  const input = parse(
    {
      logGroupName: required(groupNameField()),
      logStreamName: required(streamNameField()),
      logEvents: required(
        list(structure({ timestamp: required(integer({ min: 0 })), message: required(string({ min: 1 })) }), {
          min: 1,
          max: 10_000,
        }),
      ),
      sequenceToken: string({ min: 1 }),
    },
    body,
  );
  const group = findGroup(service, input.logGroupName);
  const stream = findStream(group, input.logStreamName);
  checkBatch(input.logEvents);
  const now = service.clock();
  const { from, to, rejected } = acceptable(input.logEvents, group, now);
  if (!group.append(stream, input.logEvents.slice(from, to), now)) throw full();
  try {
    await group.segments.flush();
  } catch {
    throw full();
  }
  return { nextSequenceToken: uploadSequenceToken(group), rejectedLogEventsInfo: rejected };
};

const full = () => new Refusal("ServiceUnavailableException", "The service cannot complete the request.");

function checkBatch(events: readonly { timestamp: number; message: string }[]): void {
  let bytes = 0;
  for (const [index, event] of events.entries()) {
    const size = Buffer.byteLength(event.message);
    if (size > MAX_EVENT_BYTES) throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${MAX_EVENT_BYTES}`);
    bytes += size + EVENT_OVERHEAD;
    const previous = events[index - 1];
    if (previous && event.timestamp < previous.timestamp) {
      throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
    }
  }
  if (bytes > MAX_BATCH_BYTES) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
  const first = events[0];
  const last = events.at(-1);
  if (first && last && last.timestamp - first.timestamp > DAY) {
    throw invalidParameter("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
}

/** Events are in order of time, so what is too old stands at the front and what is too new at the back. */
function acceptable(events: readonly { timestamp: number }[], group: LogGroup, now: number) {
  const rejected: Rejected = {};
  const firstNot = (test: (timestamp: number) => boolean) => {
    const index = events.findIndex((event) => !test(event.timestamp));
    return index < 0 ? events.length : index;
  };
  const expired = firstNot((timestamp) => timestamp < group.expiry(now));
  const tooOld = firstNot((timestamp) => timestamp < now - 14 * DAY);
  const tooNew = firstNot((timestamp) => timestamp <= now + 2 * HOUR);
  if (expired > 0) rejected.expiredLogEventEndIndex = expired;
  if (tooOld > 0) rejected.tooOldLogEventEndIndex = tooOld;
  if (tooNew < events.length) rejected.tooNewLogEventStartIndex = tooNew;
  return {
    from: Math.max(expired, tooOld),
    to: tooNew,
    rejected: Object.keys(rejected).length > 0 ? rejected : undefined,
  };
}
