import { randomUUID } from "node:crypto";
import { calibration } from "../calibration.ts";
import type { Outcome } from "../execution/revision.ts";
import type { Invoker } from "../lambda/invoker.ts";
import { ServiceError } from "../lambda/errors.ts";
import type { EventInvokeConfig, FunctionRecord } from "../lambda/model.ts";
import type { Registry } from "../lambda/registry.ts";
import { traceHeader } from "../lambda/trace.ts";
import type { EmulatorOptions } from "../options.ts";
import type { Destinations } from "./destinations.ts";
import { Journal } from "./journal.ts";
import type { QueuedEvent } from "./journal.ts";

/** Why an event left the queue. */
export type Condition = "Success" | "RetriesExhausted" | "EventAgeExceeded" | "ZeroReservedConcurrency";

/** Of retries, throttled events and deliveries. */
const longestWaitMs = Math.max(...calibration.asyncRetryMs, ...calibration.throttleBackoffMs);

/** The queue of asynchronous invocations: at least once, repeated after failures, put back when throttled, handed to destinations at the end. */
export class EventQueue {
  private readonly journal: Journal;
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly registry: Registry;
  private readonly invoker: Invoker;
  private readonly destinations: Destinations;
  private readonly options: EmulatorOptions;
  /** performance.now() at acceptance or at the start: age is time that passed here. AWS is never off, and no event grows old by a clock that was moved. */
  private readonly born = new WeakMap<QueuedEvent, number>();
  private closed = false;

  constructor(path: string, registry: Registry, invoker: Invoker, destinations: Destinations, options: EmulatorOptions) {
    this.registry = registry;
    this.invoker = invoker;
    this.destinations = destinations;
    this.options = options;
    this.journal = new Journal(path);
  }

  /** Takes up what an earlier run had accepted. */
  start(): void {
    for (const event of this.journal.pending.values()) this.schedule(event);
  }

  /** Accepts an event: when this returns it is on disk and will be delivered. Throws the system's error when the disk refuses it. */
  enqueue(
    functionName: string,
    qualifier: string | undefined,
    payload: string,
    requestId: string = randomUUID(),
    traceId?: string,
  ): void {
    const now = Date.now();
    const event: QueuedEvent = {
      id: requestId,
      functionName,
      qualifier,
      payload,
      traceId,
      attempts: 0,
      throttles: 0,
      due: now + this.options.asyncDeliveryMs,
    };
    this.journal.accept(event);
    this.schedule(event);
  }

  /** Events accepted and not yet done with. */
  get size(): number {
    return this.journal.pending.size;
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.journal.close();
  }

  private schedule(event: QueuedEvent): void {
    if (!this.born.has(event)) this.born.set(event, performance.now());
    // However the clock was moved meanwhile, no wait of ours is longer than this.
    const longest = Math.max(longestWaitMs * this.options.retryScale, this.options.asyncDeliveryMs);
    const wait = Math.min(event.due - Date.now(), longest);
    if (wait <= 0) return void setImmediate(() => void this.attempt(event));
    this.timers.set(
      event.id,
      setTimeout(() => void this.attempt(event), wait),
    );
  }

  /** ms since it was accepted. */
  private ageOf(event: QueuedEvent): number {
    return performance.now() - (this.born.get(event) ?? performance.now());
  }

  /** What goes wrong in the emulator itself, such as a full disk, costs the event nothing but time. */
  private async attempt(event: QueuedEvent): Promise<void> {
    try {
      await this.deliver(event);
    } catch (error) {
      if (this.closed) return;
      process.stderr.write(`fusionize emulator: event ${event.id} of ${event.functionName}: ${(error as Error).message}\n`);
      this.again(event, calibration.throttleBackoffMs[0]);
    }
  }

  private async deliver(event: QueuedEvent): Promise<void> {
    this.timers.delete(event.id);
    if (this.closed) return;
    const record = this.registry.find(event.functionName);
    if (record === undefined) return this.journal.done(event.id);
    const config = configOf(record, event.qualifier);
    if (record.reserved === 0) return this.finish(event, record, config, "ZeroReservedConcurrency");
    if (this.ageOf(event) > (config.maximumEventAge ?? 21_600) * 1000 * this.options.retryScale)
      return this.finish(event, record, config, "EventAgeExceeded");
    try {
      const outcome = await this.invoker.run(record, event.qualifier, 0, {
        requestId: event.id,
        payload: Buffer.from(event.payload),
        traceId: event.traceId ?? traceHeader(record, undefined),
        tail: false,
      });
      if (this.closed) return;
      if (!outcome.failed) return this.finish(event, record, config, "Success", outcome);
      event.attempts++;
      event.throttles = 0;
      if (event.attempts > (config.maximumRetryAttempts ?? 2))
        return this.finish(event, record, config, "RetriesExhausted", outcome);
      this.again(event, calibration.asyncRetryMs[event.attempts - 1] ?? 120_000);
    } catch (error) {
      if (this.closed) return;
      if (error instanceof ServiceError && error.status === 404) return this.journal.done(event.id);
      const [first, last] = calibration.throttleBackoffMs;
      this.again(event, Math.min(last, first * 2 ** event.throttles++));
    }
  }

  private again(event: QueuedEvent, waitMs: number): void {
    event.due = Date.now() + waitMs * this.options.retryScale;
    this.journal.again(event);
    this.schedule(event);
  }

  private finish(
    event: QueuedEvent,
    record: FunctionRecord,
    config: EventInvokeConfig,
    condition: Condition,
    outcome?: Outcome,
  ): void {
    this.destinations.send(this, event, record, config, condition, outcome);
    this.journal.done(event.id);
  }
}

function configOf(record: FunctionRecord, qualifier: string | undefined): EventInvokeConfig {
  return record.eventInvoke[qualifier ?? "$LATEST"] ?? { lastModified: 0 };
}
