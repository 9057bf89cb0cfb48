import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import type { Pool } from "../execution/pool.ts";
import type { Revision } from "../execution/revision.ts";
import type { Reply } from "../http/reply.ts";
import type { Incoming } from "../http/server.ts";
import type { EmulatorOptions } from "../options.ts";
import type { EventQueue } from "../queue/queue.ts";
import { invalidContent } from "./errors.ts";
import type { Invoker } from "./invoker.ts";
import type { FunctionRecord, Place } from "./model.ts";
import type { Provisioning } from "./provisioning.ts";
import { parseName } from "./names.ts";
import type { Registry } from "./registry.ts";
import { settle } from "./registry.ts";
import { readRequest } from "./wire.ts";

/** What the operations of the Lambda API work on. */
export interface LambdaService {
  options: EmulatorOptions;
  place: Place;
  registry: Registry;
  pool: Pool;
  invoker: Invoker;
  provisioning: Provisioning;
  queue: EventQueue;
  /** How the CPU share is kept. */
  cpuKind: string;
  endpoint(): string;
  /** Starts processes for a kind of function that is about to be invoked. */
  prepare(settings: Revision["settings"]): void;
}

/** One request to the Lambda API. */
export class ApiCall {
  readonly service: LambdaService;
  /** Decoded variable parts of the path, in order. */
  readonly params: string[];
  private readonly incoming: Incoming;
  private parsed: URLSearchParams | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly response: ServerResponse;
  readonly requestId: string;

  constructor(service: LambdaService, request: Incoming, params: string[]) {
    this.service = service;
    this.params = params;
    this.incoming = request;
    this.headers = request.headers;
    this.body = request.body;
    this.response = request.response;
    this.requestId = request.requestId;
  }

  /** Read when first asked for: an invocation mostly has none. */
  get query(): URLSearchParams {
    this.parsed ??= this.incoming.query;
    return this.parsed;
  }

  /** The body's members by the service model; an empty body is an empty object. Throws InvalidRequestContentException and SerializationException. */
  json<T extends object>(): Partial<T> {
    if (this.body.length === 0) return {};
    let value: unknown;
    try {
      value = JSON.parse(this.body.toString());
    } catch (error) {
      throw invalidContent(`Could not parse request body into json: ${(error as Error).message}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw invalidContent("Could not parse request body into json: not an object");
    return readRequest(value) as Partial<T>;
  }

  /** The function of the first path part and the qualifier from there or from the query. Throws ResourceNotFoundException. */
  target(): { record: FunctionRecord; name: string; qualifier: string | undefined } {
    const { name, qualifier } = parseName(this.params[0] ?? "", this.query.get("Qualifier"), this.service.place);
    return { record: this.service.registry.get(name, qualifier), name, qualifier };
  }
}

export type Operation = (call: ApiCall) => Reply | undefined | Promise<Reply | undefined>;

/** Ends a change after its time: the state moves on, and idle instances of the old state go. */
export function settleLater(service: LambdaService, record: FunctionRecord, waitMs: number): void {
  const done = (): void => {
    if (service.registry.find(record.name) !== record) return;
    settle(record);
    service.registry.saveInTime(record);
    service.pool.dropOutdated();
    service.prepare(record.latest.settings);
  };
  if (waitMs > 0) setTimeout(done, waitMs).unref();
  else setImmediate(done);
}
