import type { LogGroup, LogStream } from "./storage/group.ts";
import type { LogStore } from "./storage/store.ts";
import { groupName } from "./names.ts";
import { Refusal, invalidParameter, noSuchGroup, noSuchStream } from "./refusal.ts";

/** What every operation works with. */
export interface Service {
  readonly store: LogStore;
  readonly region: string;
  readonly accountId: string;
  /** Epoch milliseconds. */
  clock(): number;
}

export interface Exchange {
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  body?: unknown;
  stream?: AsyncIterable<Uint8Array>;
  headers?: Record<string, string>;
}

/** One operation: the request's body in, the answer's body (or a whole answer, for streams) out. Refusals are thrown. */
export type Operation = (service: Service, body: unknown, exchange: Exchange) => unknown;

/** An answer that is a stream of events instead of a body. */
export class EventStreamAnswer {
  readonly stream: AsyncIterable<Uint8Array>;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.stream = stream;
  }
}

export function findGroup(service: Service, name: string): LogGroup {
  const group = service.store.group(name);
  if (!group) throw noSuchGroup();
  return group;
}

/** The group meant by a request that takes a name or an identifier (a name or an ARN), but not both. */
export function identifiedGroup(service: Service, input: { logGroupName?: string; logGroupIdentifier?: string }): LogGroup {
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    throw new Refusal("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
  }
  const identifier = input.logGroupName ?? input.logGroupIdentifier;
  if (identifier === undefined) throw invalidParameter("Either LogGroup name or LogGroup ARN must be specified.");
  return findGroup(service, groupName(identifier));
}

export function findStream(group: LogGroup, name: string): LogStream {
  const stream = group.streams.get(name);
  if (!stream) throw noSuchStream();
  return stream;
}
