/** One invocation of a function: its trace, its spans, and what it still waits for. */
import type { CallKind } from "../core/graph.ts";
import type { InvocationRecord, Span } from "../core/record.ts";
import { mainThreadCpu, processCpu, rounded } from "./clock.ts";
import type { LambdaContext } from "./context.ts";
import type { Host } from "./host.ts";
import { newSpanPrefix, type Origin } from "./trace.ts";

export class Invocation {
  readonly host: Host;
  readonly context: LambdaContext;
  readonly trace: string;
  readonly invoked: CallKind | "unknown";
  /** Id of the setup: the caller's, else the function's own. */
  readonly setup: string;
  readonly spans: Span[] = [];
  /** Errors for which the platform must repeat the whole invocation: events that could not be handed over. */
  readonly failures: Error[] = [];
  /** On `performance.now()`'s clock: when it began, and when the platform ends it by force. */
  readonly began = performance.now();
  readonly deadline: number;
  readonly #startedAt = Date.now();
  readonly #cpuBefore = processCpu();
  readonly #threadBefore = mainThreadCpu?.() ?? 0;
  readonly #parent: string | undefined;
  readonly #prefix = newSpanPrefix();
  #open = 0;
  #whenIdle: (() => void) | undefined;

  constructor(host: Host, context: LambdaContext, origin: Origin) {
    this.host = host;
    this.context = context;
    this.trace = origin.trace;
    this.invoked = origin.invoked;
    this.setup = origin.setup ?? host.setup;
    this.#parent = origin.parent;
    this.deadline = this.began + context.getRemainingTimeInMillis();
  }

  /** Opens a span. `caller` is the task that made the call, `bytes` those of its input. */
  begin(task: string, kind: Span["kind"], mode: Span["mode"], bytes: number, caller?: { task: string; span: Span }): Span {
    const span: Span = {
      id: this.#prefix + this.spans.length.toString(36),
      task,
      kind,
      mode,
      start: performance.now() - this.began,
      duration: 0,
      cpu: [processCpu() - this.#cpuBefore, 0],
      in: bytes,
      out: 0,
    };
    if (mainThreadCpu) span.thread = [mainThreadCpu() - this.#threadBefore, 0];
    if (caller) {
      span.parent = caller.span.id;
      span.caller = caller.task;
    }
    this.spans.push(span);
    return span;
  }

  /** Closes a span; `error` is what the call ended in. */
  end(span: Span, error?: Error): void {
    span.duration = performance.now() - this.began - span.start;
    span.cpu[1] = processCpu() - this.#cpuBefore;
    if (span.thread && mainThreadCpu) span.thread[1] = mainThreadCpu() - this.#threadBefore;
    if (error) span.error = error.name;
  }

  /** A call has begun that the invocation has to wait for, awaited by the task or not. */
  enter(): void {
    this.#open++;
  }

  leave(): void {
    if (--this.#open === 0) this.#whenIdle?.();
  }

  /** Resolves when every call has ended. */
  async idle(): Promise<void> {
    while (this.#open > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
  }

  /** The record so far; `instance` is what the function knows of the process it runs in. */
  record(instance: Pick<InvocationRecord, "instance" | "sequence" | "cold" | "init">): InvocationRecord {
    const { init, ...process } = instance;
    return {
      fusionize: 1,
      trace: this.trace,
      setup: this.setup,
      function: this.host.root,
      request: this.context.awsRequestId,
      ...process,
      memory: Number(this.context.memoryLimitInMB),
      ...(init === undefined ? {} : { init: rounded(init) }),
      invoked: this.invoked,
      ...(this.#parent === undefined ? {} : { parent: this.#parent }),
      start: this.#startedAt,
      duration: rounded(performance.now() - this.began),
      cpu: rounded(processCpu() - this.#cpuBefore),
      spans: this.spans.map(compact),
    };
  }
}

function compact(span: Span): Span {
  const short: Span = { ...span, start: rounded(span.start), duration: rounded(span.duration), cpu: pair(span.cpu) };
  if (span.thread) short.thread = pair(span.thread);
  return short;
}

const pair = ([begin, end]: [number, number]): [number, number] => [rounded(begin), rounded(end)];
