import { groupIdentifierField, groupNameField, limitField, streamNameField, timeField, tokenField } from "../names.ts";
import { fromPlaceDigits, placeDigits } from "../place-token.ts";
import { badToken, invalidParameter } from "../refusal.ts";
import { type Operation, findStream, identifiedGroup } from "../service.ts";
import type { LogGroup, LogStream } from "../storage/group.ts";
import type { Place } from "../storage/place.ts";
import { indexOfPlace, sequenceOf } from "../storage/scan.ts";
import { boolean, parse, required } from "../validation.ts";
import { EVENT_OVERHEAD } from "./put.ts";

/** "As many log events as can fit in a response size of 1 MB (up to 10,000 log events)". */
export const MAX_PAGE_EVENTS = 10_000;
export const MAX_PAGE_BYTES = 1_048_576;

export const getLogEvents: Operation = async (service, body) => {
  const input = parse(
    {
      logGroupName: groupNameField(),
      logGroupIdentifier: groupIdentifierField(),
      logStreamName: required(streamNameField()),
      startTime: timeField(),
      endTime: timeField(),
      nextToken: tokenField(),
      limit: limitField(MAX_PAGE_EVENTS),
      startFromHead: boolean(),
    },
    body,
  );
  const group = identifiedGroup(service, input);
  const stream = findStream(group, input.logStreamName);
  const { startTime = 0, endTime = Infinity } = input;
  if (startTime > endTime) throw invalidParameter("startTime must be less than or equal to endTime");
  const { order } = stream;
  const low = order.find(Math.max(startTime, group.expiry(service.clock())));
  const high = Math.max(low, order.find(endTime));
  const token = input.nextToken === undefined ? undefined : readToken(input.nextToken, stream);
  const forwards = token ? token.forwards : input.startFromHead === true;
  const from = token ? Math.min(Math.max(indexOfPlace(group, order, token.place), low), high) : forwards ? low : high;
  const [first, last] = takePage(
    group,
    stream,
    forwards ? from : low,
    forwards ? high : from,
    input.limit ?? MAX_PAGE_EVENTS,
    forwards,
  );

  const places = {
    first: placeAt(group, stream, first, low === high ? startTime : undefined),
    last: placeAfter(group, stream, last, low === high ? startTime : undefined),
  };
  const block = await group.read(order.rows.slice(first, last));
  return {
    events: Array.from({ length: block.count }, (_, index) => ({
      timestamp: block.timestamp(index),
      message: block.message(index),
      ingestionTime: block.ingested[index],
    })),
    nextForwardToken: token?.forwards && first === last ? input.nextToken : `f/${placeDigits(places.last, stream.id)}/s`,
    nextBackwardToken:
      token?.forwards === false && first === last ? input.nextToken : `b/${placeDigits(places.first, stream.id)}/s`,
  };
};

function readToken(text: string, stream: LogStream): { forwards: boolean; place: Place } {
  const match = /^([fb])\/(\d{56})\/s$/.exec(text);
  if (!match) throw badToken();
  const place = fromPlaceDigits(match[2] as string);
  if (place.stream !== stream.id) throw badToken();
  return { forwards: match[1] === "f", place };
}

/** The part of `low` to `high` (indexes of the stream's order) that one answer may hold, from its head or its tail. */
function takePage(
  group: LogGroup,
  stream: LogStream,
  low: number,
  high: number,
  limit: number,
  forwards: boolean,
): [number, number] {
  let bytes = 0;
  let count = 0;
  while (count < Math.min(limit, high - low)) {
    const index = forwards ? low + count : high - 1 - count;
    bytes += (group.table.lengths[stream.order.rows[index] as number] as number) + EVENT_OVERHEAD;
    if (bytes > MAX_PAGE_BYTES && count > 0) break;
    count++;
  }
  return forwards ? [low, low + count] : [high - count, high];
}

/** Before the event at `index`; at the end of the stream, after its last event. */
function placeAt(group: LogGroup, stream: LogStream, index: number, fallback: number | undefined): Place {
  if (fallback !== undefined || index >= stream.order.count) return placeAfter(group, stream, index, fallback);
  const row = stream.order.rows[index] as number;
  return { timestamp: group.table.timestamp(row), sequence: sequenceOf(group, row) };
}

/** After the event before `index`, so that events arriving later with the same time are still to come. */
function placeAfter(group: LogGroup, stream: LogStream, index: number, fallback: number | undefined): Place {
  if (fallback !== undefined || index === 0) return { timestamp: fallback ?? 0, sequence: -1 };
  const row = stream.order.rows[index - 1] as number;
  return { timestamp: group.table.timestamp(row), sequence: sequenceOf(group, row) + 1 };
}
