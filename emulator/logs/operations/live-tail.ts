import { randomUUID } from "node:crypto";
import { eventFrame, exceptionFrame } from "../event-stream.ts";
import { arnField, groupArn, groupName, streamNameField } from "../names.ts";
import { type Pattern, compilePattern } from "../pattern/pattern.ts";
import { Refusal, invalidParameter } from "../refusal.ts";
import { EventStreamAnswer, type Operation, type Service, findGroup } from "../service.ts";
import type { Listener, LogEvent, LogGroup } from "../storage/group.ts";
import { list, parse, required, string } from "../validation.ts";

/** An update a second, of at most 500 events; a slow reader finds the last ten. Sessions end after three hours. */
const UPDATE_MS = 1000;
const UPDATE_EVENTS = 500;
const KEPT_UPDATES = 10;
const SESSION_MS = 3 * 3_600_000;
const MAX_SESSIONS = 15;
/** Events that may wait for the next update; a flood beyond that is sampled anyway. */
const MAX_WAITING = 50_000;

const open = new WeakMap<Service, number>();

export const startLiveTail: Operation = (service, body, { signal }) => {
  const input = parse(
    {
      logGroupIdentifiers: required(list(arnField(), { min: 1, max: 10 })),
      logStreamNames: list(streamNameField(), { min: 1, max: 100 }),
      logStreamNamePrefixes: list(streamNameField(), { min: 1, max: 100 }),
      logEventFilterPattern: string({ max: 1024 }),
    },
    body,
  );
  const { logGroupIdentifiers: identifiers, logStreamNames: names, logStreamNamePrefixes: prefixes } = input;
  for (const identifier of identifiers) {
    if (!identifier.startsWith("arn:") || identifier.endsWith("*")) {
      throw invalidParameter(`The specified log group identifier is invalid: ${identifier}. Use the ARN without a wildcard.`);
    }
  }
  if (names && prefixes) throw invalidParameter("logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.");
  if (identifiers.length > 1 && (names || prefixes)) {
    throw invalidParameter("Log streams can be specified only with a single log group.");
  }
  const groups = identifiers.map((identifier) => findGroup(service, groupName(identifier)));
  const pattern = compilePattern(input.logEventFilterPattern ?? "");
  if ((open.get(service) ?? 0) >= MAX_SESSIONS)
    throw new Refusal("LimitExceededException", "Too many concurrent Live Tail sessions.");
  const wanted = (stream: string) =>
    names ? names.includes(stream) : prefixes ? prefixes.some((prefix) => stream.startsWith(prefix)) : true;
  const session = new Session(service, groups, pattern, wanted, signal);
  const start = {
    requestId: randomUUID(),
    sessionId: randomUUID(),
    logGroupIdentifiers: identifiers,
    logStreamNames: names ?? [],
    logStreamNamePrefixes: prefixes ?? [],
    logEventFilterPattern: input.logEventFilterPattern ?? "",
  };
  return new EventStreamAnswer(session.frames(start));
};

interface Waiting {
  readonly group: LogGroup;
  readonly stream: string;
  readonly event: LogEvent;
  readonly ingested: number;
}

/** One Live Tail session: listens to its groups, packs what arrived into an update a second. */
class Session {
  readonly #service: Service;
  readonly #pattern: Pattern;
  readonly #updates: Buffer[] = [];
  readonly #listeners = new Map<LogGroup, Listener>();
  readonly #timer: NodeJS.Timeout;
  readonly #ends: number;
  #waiting: Waiting[] = [];
  #overflowed = false;
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(
    service: Service,
    groups: readonly LogGroup[],
    pattern: Pattern,
    wanted: (stream: string) => boolean,
    signal: AbortSignal | undefined,
  ) {
    this.#service = service;
    this.#pattern = pattern;
    this.#ends = performance.now() + SESSION_MS;
    open.set(service, (open.get(service) ?? 0) + 1);
    for (const group of new Set(groups)) {
      const listener: Listener = (stream, events, ingested) => {
        if (!wanted(stream.name)) return;
        for (const event of events) {
          if (this.#waiting.length < MAX_WAITING) this.#waiting.push({ group, stream: stream.name, event, ingested });
          else this.#overflowed = true;
        }
      };
      group.listeners.add(listener);
      this.#listeners.set(group, listener);
    }
    this.#timer = setInterval(() => this.#update(), UPDATE_MS);
    this.#timer.unref();
    if (signal?.aborted) this.#close();
    signal?.addEventListener("abort", () => this.#close(), { once: true });
  }

  async *frames(start: unknown): AsyncGenerator<Uint8Array> {
    try {
      yield eventFrame("initial-response", {});
      yield eventFrame("sessionStart", start);
      while (!this.#closed) {
        const update = this.#updates.shift();
        if (update) yield update;
        else if (performance.now() > this.#ends) {
          yield exceptionFrame("SessionTimeoutException", "The Live Tail session has reached its time limit of three hours.");
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      this.#close();
    }
  }

  #update(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const matching = waiting.filter(({ event }) => this.#pattern.matches(event.message));
    const sampled = this.#overflowed || matching.length > UPDATE_EVENTS;
    this.#overflowed = false;
    const step = Math.max(1, matching.length / UPDATE_EVENTS);
    const shown = Array.from(
      { length: Math.min(matching.length, UPDATE_EVENTS) },
      (_, index) => matching[Math.floor(index * step)] as Waiting,
    );
    this.#updates.push(
      eventFrame("sessionUpdate", {
        sessionMetadata: { sampled },
        sessionResults: shown.map(({ group, stream, event, ingested }) => ({
          logStreamName: stream,
          logGroupIdentifier: groupArn(this.#service, group.name),
          message: event.message,
          timestamp: event.timestamp,
          ingestionTime: ingested,
        })),
      }),
    );
    if (this.#updates.length > KEPT_UPDATES) this.#updates.shift();
    this.#wake();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    for (const [group, listener] of this.#listeners) group.listeners.delete(listener);
    open.set(this.#service, (open.get(this.#service) ?? 1) - 1);
    this.#wake();
  }
}
