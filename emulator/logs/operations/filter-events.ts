import {
  fromToken,
  groupIdentifierField,
  groupNameField,
  limitField,
  streamNameField,
  timeField,
  token,
  tokenField,
} from "../names.ts";
import { compilePattern } from "../pattern/pattern.ts";
import { placeDigits } from "../place-token.ts";
import { badToken, invalidParameter } from "../refusal.ts";
import { type Operation, identifiedGroup } from "../service.ts";
import type { EventBlock } from "../storage/event-block.ts";
import type { LogGroup } from "../storage/group.ts";
import type { Place } from "../storage/place.ts";
import { continuation, scan } from "../storage/scan.ts";
import type { TimeOrder } from "../storage/time-order.ts";
import { boolean, list, parse, string } from "../validation.ts";
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS } from "./get-events.ts";
import { EVENT_OVERHEAD } from "./put.ts";

/** Reading backwards is offered for times from here on: 2024-01-01T00:00:00Z. */
const BACKWARDS_SINCE = Date.UTC(2024, 0, 1);
const TOKEN_LIFE_MS = 24 * 3_600_000;
/** Bytes of messages searched for one page; a page may be empty while a token says that there is more. */
const SEARCH_BYTES = 1024 * 1024 * 1024;

interface TokenState extends Place {
  readonly backwards: boolean;
  readonly issued: number;
}

export const filterLogEvents: Operation = async (service, body, { signal }) => {
  const input = parse(
    {
      logGroupName: groupNameField(),
      logGroupIdentifier: groupIdentifierField(),
      logStreamNames: list(streamNameField(), { min: 1, max: 100 }),
      logStreamNamePrefix: streamNameField(),
      startTime: timeField(),
      endTime: timeField(),
      filterPattern: string({ max: 1024 }),
      nextToken: tokenField(),
      limit: limitField(MAX_PAGE_EVENTS),
      startFromHead: boolean(),
      interleaved: boolean(),
      unmask: boolean(),
    },
    body,
  );
  const group = identifiedGroup(service, input);
  if (input.logStreamNames && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter("LogStream names and LogStream name prefix are mutually exclusive parameters.");
  }
  const now = service.clock();
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER - 1 } = input;
  if (startTime > endTime) throw invalidParameter("startTime must be less than or equal to endTime");
  const kind = `filter:${group.name}`;
  const state = input.nextToken === undefined ? undefined : (fromToken(kind, input.nextToken) as TokenState);
  if (state && now - state.issued > TOKEN_LIFE_MS) throw badToken();
  const backwards = state ? state.backwards : input.startFromHead === false;
  if (!state && backwards && startTime < BACKWARDS_SINCE) {
    throw invalidParameter("startFromHead can be false only if startTime is on or after 2024-01-01T00:00:00Z.");
  }
  const pattern = compilePattern(input.filterPattern ?? "");
  const { order, streams } = selection(group, input);
  const range = { from: Math.max(startTime, group.expiry(now)), to: endTime, place: state, backwards, streams };
  const limit = input.limit ?? MAX_PAGE_EVENTS;

  const events: unknown[] = [];
  let bytes = 0;
  let searched = 0;
  const page = (block: EventBlock, index: number) => ({
    events,
    searchedLogStreams: [],
    nextToken: token(kind, { ...continuation(block, index, backwards), backwards, issued: now } satisfies TokenState),
  });
  for await (const block of scan(group, order, range, signal)) {
    const marks = block.containing(pattern.needles);
    for (let index = 0; index < block.count; index++) {
      const length = block.lengths[index] as number;
      searched += length;
      if (!marks[index]) continue;
      if (pattern.mayMatch && !block.test(index, pattern.mayMatch)) continue;
      const message = block.message(index);
      if (!pattern.matches(message)) continue;
      const tooLarge = events.length > 0 && bytes + length + EVENT_OVERHEAD > MAX_PAGE_BYTES;
      if (events.length === limit || tooLarge) return page(block, index);
      bytes += length + EVENT_OVERHEAD;
      const stream = block.streams[index] as number;
      events.push({
        logStreamName: group.streamById[stream]?.name,
        timestamp: block.timestamp(index),
        message,
        ingestionTime: block.ingested[index],
        eventId: placeDigits(block.place(index), stream),
      });
    }
    if (searched > SEARCH_BYTES) return page(block, block.count);
  }
  return { events, searchedLogStreams: [] };
};

/** The order to search and, where it holds other streams too, the ids of those wanted. */
export function selection(
  group: LogGroup,
  wanted: { logStreamNames?: readonly string[]; logStreamNamePrefix?: string },
): { order: TimeOrder; streams?: ReadonlySet<number> } {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = wanted;
  if (!names && prefix === undefined) return { order: group.order };
  const streams = [...group.streams.values()].filter((stream) =>
    names ? names.includes(stream.name) : stream.name.startsWith(prefix as string),
  );
  const [only] = streams;
  if (streams.length === 1 && only) return { order: only.order };
  return { order: group.order, streams: new Set(streams.map((stream) => stream.id)) };
}
