import type { Value } from "./value.ts";

/** The event a row comes from. */
export interface RowEvent {
  readonly message: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly logStream: string;
  /** `account:group`. */
  readonly log: string;
  readonly ptr: string;
}

const REPORT_FIELDS: Readonly<Record<string, RegExp>> = {
  "@duration": /\tDuration: ([\d.]+) ms/,
  "@billedDuration": /\tBilled Duration: ([\d.]+) ms/,
  "@initDuration": /\tInit Duration: ([\d.]+) ms/,
  "@memorySize": /\tMemory Size: (\d+) MB/,
  "@maxMemoryUsed": /\tMax Memory Used: (\d+) MB/,
  "@xrayTraceId": /\tXRAY TraceId: (\S+)/,
};
const PLATFORM_LINE = /^(START|END|REPORT|INIT_START) /;
const REQUEST_ID = /^(?:(?:START|END|REPORT) RequestId: |\S+\t)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/;

/** A row of a query: fields of its event, found when they are asked for, and what commands have added. */
export class Row {
  readonly event: RowEvent | undefined;
  /** When the query was started, in epoch milliseconds. */
  readonly now: number;
  readonly #added: Map<string, Value>;
  #document: unknown;
  #parsed = false;

  constructor(event: RowEvent | undefined, now: number, added: Map<string, Value> = new Map()) {
    this.event = event;
    this.now = now;
    this.#added = added;
  }

  set(name: string, value: Value): void {
    this.#added.set(name, value);
  }

  get(name: string): Value {
    if (this.#added.has(name)) return this.#added.get(name);
    if (!this.event) return undefined;
    return name.startsWith("@") ? this.#systemField(this.event, name) : this.#member(this.event, name);
  }

  #systemField(event: RowEvent, name: string): Value {
    switch (name) {
      case "@message":
        return event.message;
      case "@timestamp":
        return new Date(event.timestamp);
      case "@ingestionTime":
        return new Date(event.ingestionTime);
      case "@logStream":
        return event.logStream;
      case "@log":
        return event.log;
      case "@ptr":
        return event.ptr;
      case "@type":
        return PLATFORM_LINE.exec(event.message)?.[1];
      case "@requestId":
        return REQUEST_ID.exec(event.message)?.[1];
    }
    const expression = Object.hasOwn(REPORT_FIELDS, name) ? REPORT_FIELDS[name] : undefined;
    if (!expression) return name.startsWith("@@") ? this.#member(event, name.slice(1)) : undefined;
    const found = event.message.startsWith("REPORT ") ? expression.exec(event.message)?.[1] : undefined;
    if (found === undefined || name === "@xrayTraceId") return found;
    // Memory is given in bytes, a megabyte being a million of them.
    return name === "@memorySize" || name === "@maxMemoryUsed" ? Number(found) * 1e6 : Number(found);
  }

  /** A member of the JSON in the message, by a path of names and indexes. */
  #member(event: RowEvent, path: string): Value {
    if (!this.#parsed) {
      this.#parsed = true;
      this.#document = firstJson(event.message);
    }
    if (own(this.#document, path) !== undefined) return leaf(own(this.#document, path));
    let value = this.#document;
    for (const step of path.split(/\.|\[(\d+)\]/)) if (step) value = own(value, step);
    return leaf(value);
  }
}

/** Lambda's own lines put text before the JSON: the first fragment counts. */
function firstJson(message: string): unknown {
  const start = message.indexOf("{");
  const end = message.lastIndexOf("}");
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(message.slice(start, end + 1));
  } catch {
    return undefined;
  }
}

function own(value: unknown, name: string): unknown {
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

function leaf(value: unknown): Value {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}
