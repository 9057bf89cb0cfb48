import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EmulatorOptions } from "../options.ts";
import { calibration } from "../calibration.ts";
import { instanceEnvironment, type Initialisation } from "./environment.ts";
import { exitError, initErrorOf, responseTooLarge, timeoutError } from "./failures.ts";
import { payloadOf, withHeader, type End, type InvocationHeader, type Result } from "./exchange.ts";
import { command, report } from "./frames.ts";
import type { MemoryWatch } from "./memory.ts";
import type { Outbox } from "./outbox.ts";
import { PlatformLog } from "./platform-log.ts";
import type { LogSink } from "./platform-log.ts";
import type { Invocation, Outcome, Revision } from "./revision.ts";
import type { Worker } from "./worker.ts";

/** What instances share. */
export interface InstanceHost {
  options: EmulatorOptions;
  endpoint(): string;
  logs: LogSink;
  memory: Pick<MemoryWatch, "watch">;
  outbox: Outbox;
  /** Folder for the instances' own temporary folders. */
  temporaryRoot: string;
  compileCache: string;
  takeWorker(revision: Revision): Worker;
  /** True the first time a code id is asked for: its compile cache is to be written. */
  needsCompileCache(codeId: string): boolean;
}

type Event =
  | { kind: "ready" }
  | { kind: "frame"; type: number; body: Buffer }
  | { kind: "exit"; code: number | null; signal: NodeJS.Signals | null; outOfMemory: boolean }
  | { kind: "timeout" };

/** ms that a request may take while a person steps through it: a day. */
const inspectedLimitMs = 86_400_000;

const maxResponse = 6 * 1_048_576 + 100;

/** One execution environment: a log stream, a temporary folder and one process at a time, which crash and timeout replace. */
export class Instance {
  readonly id = randomBytes(16).toString("hex");
  readonly revision: Revision;
  readonly startedAt = Date.now();
  state: "starting" | "idle" | "busy" | "gone" = "starting";
  requests = 0;
  /** ms, of the last finished request. */
  lastDurationMs: number | undefined;
  idleSince = 0;
  /** Called once when INIT has ended, well or not. */
  onInitialised: (() => void) | undefined;
  maxMemory = 0;
  private worker: Worker | undefined;
  /** The process has passed INIT. */
  private initialised = false;
  private fresh = true;
  private initialisation: Initialisation = "on-demand";
  private wake: ((event: Event) => void) | undefined;
  /** The end of the last request is not in the log yet. */
  private settling: Promise<void> | undefined;
  private onStream: Invocation["onStream"];
  /** Streamed response to a caller that wants it whole. */
  private collected: Buffer[] | undefined;
  private outOfMemory = false;
  private readonly host: InstanceHost;
  private readonly log: PlatformLog;
  private readonly temporary: string;
  private readonly logStream: string;

  constructor(host: InstanceHost, revision: Revision) {
    this.host = host;
    this.revision = revision;
    this.logStream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[${revision.version}]${this.id}`;
    this.log = new PlatformLog(host.logs, host.outbox, revision.settings, this.logStream, host.options.region);
    this.temporary = join(host.temporaryRoot, this.id);
    mkdirSync(this.temporary, { recursive: true });
  }

  /** A process that has passed INIT is there. */
  private get ready(): boolean {
    return this.initialised && this.worker !== undefined && !this.worker.gone;
  }

  get pid(): number | undefined {
    return this.worker?.pid;
  }

  /** Where a debugger can attach to its process. */
  get inspector(): string | undefined {
    return this.worker?.inspector;
  }

  /** Runs one request; the first includes INIT. Never rejects for what the function does. */
  async run(invocation: Invocation): Promise<Outcome> {
    if (this.settling !== undefined) await this.settling;
    const { settings } = this.revision;
    this.requests++;
    if (invocation.tail) this.log.startTail();
    let initMs: number | undefined;
    if (this.fresh) {
      this.fresh = false;
      initMs = await this.firstInit();
    }
    this.state = "busy";
    this.log.start(invocation.requestId, this.revision.version, invocation.arn);
    const began = performance.now();
    const limitMs = this.host.options.inspect ? inspectedLimitMs : settings.timeout * 1000;
    const deadline = Date.now() + limitMs;
    const timer = setTimeout(() => this.wake?.({ kind: "timeout" }), limitMs);
    this.onStream = invocation.onStream;
    this.collected = undefined;
    const failed = this.ready ? undefined : await this.prepare(invocation.requestId, began);
    const result = failed ?? (await this.invoke(invocation, deadline));
    clearTimeout(timer);
    this.onStream = undefined;
    this.lastDurationMs = performance.now() - began;
    const end: End = { invocation, result, durationMs: performance.now() - began, initMs };
    await this.settle(end);
    return this.outcome(end);
  }

  /** INIT ahead of the first request, whose log then has none of it. False when it failed. */
  async provision(): Promise<boolean> {
    this.fresh = false;
    this.initialisation = "provisioned-concurrency";
    return (await this.firstInit()) !== undefined;
  }

  /** All that the function wrote is in the log before REPORT. Only the caller of a failure or of the log's tail has to wait for that. */
  private async settle(end: End): Promise<void> {
    if (this.worker === undefined || this.worker.gone) return this.finish(end);
    const { outbox } = this.host;
    outbox.begin();
    const settled = this.worker.drained().then(() => {
      this.settling = undefined;
      this.finish(end);
      outbox.end();
    });
    this.settling = settled;
    const { failure } = end.result;
    if (end.invocation.tail || (failure !== undefined && (failure.kind !== "function" || failure.ended === true))) await settled;
  }

  /** Stops the process until the next request, as AWS freezes it. */
  rest(): void {
    this.state = "idle";
    this.idleSince = performance.now();
    if (this.host.options.freeze) this.worker?.freeze();
  }

  /** Ends the instance for good. */
  async retire(): Promise<void> {
    if (this.state === "gone") return;
    this.state = "gone";
    if (this.settling !== undefined) await this.settling;
    // Whatever is still to be logged, the outbox holds.
    this.discard();
    await rm(this.temporary, { recursive: true, force: true }).catch(() => undefined);
  }

  private adopt(): Worker {
    const worker = this.host.takeWorker(this.revision);
    this.outOfMemory = false;
    this.initialised = false;
    worker.listener = {
      frame: (type, body) => {
        if (type === report.streamStart) this.onStream?.start(body.toString());
        else if (type === report.streamChunk) {
          if (this.onStream !== undefined) this.onStream.chunk(body);
          else this.collect(body);
        } else if (type === report.ready) this.wake?.({ kind: "ready" });
        else if (type !== report.started) this.wake?.({ kind: "frame", type, body });
      },
      line: (text) => this.log.line(text),
      exit: (code, signal) => {
        this.worker = undefined;
        this.initialised = false;
        this.wake?.({ kind: "exit", code, signal, outOfMemory: this.outOfMemory });
      },
    };
    return worker;
  }

  /** Tells the process whose function it is to load. */
  private assign(worker: Worker): void {
    const environment = instanceEnvironment(this.revision, {
      region: this.host.options.region,
      accountId: this.host.options.accountId,
      endpoint: this.host.endpoint(),
      temporary: this.temporary,
      logStream: this.logStream,
      node: this.host.options.node,
      initialisation: this.initialisation,
    });
    const { root, settings } = this.revision;
    const assignment = {
      environment,
      root,
      handler: settings.handler,
      runtime: settings.runtime,
      compileCache: this.host.compileCache,
    };
    worker.send(command.init, Buffer.from(JSON.stringify(assignment)));
  }

  private next(): Promise<Event> {
    return new Promise((resolve) => {
      this.wake = (event) => {
        this.wake = undefined;
        resolve(event);
      };
    });
  }

  /** INIT on demand: full speed, ten seconds, at least as long as on AWS. A failure is repeated inside the invocation. */
  private async firstInit(): Promise<number | undefined> {
    const began = performance.now();
    this.log.initStart();
    const limitMs = this.host.options.inspect ? inspectedLimitMs : calibration.initLimitMs;
    const limit = setTimeout(() => this.wake?.({ kind: "timeout" }), limitMs);
    const event = await this.initialise();
    clearTimeout(limit);
    this.onInitialised?.();
    const elapsed = (): number => performance.now() - began;
    if (event.kind === "ready") {
      this.initialised = true;
      const rest = this.host.options.initMs - elapsed();
      if (rest > 1) {
        if (this.host.needsCompileCache(this.revision.codeId)) this.worker?.flushCompileCache();
        await delay(rest);
      }
      this.worker?.slot?.limit(this.revision.settings.memorySize);
      return elapsed();
    }
    const failure = initErrorOf(event, "");
    this.log.initReport(
      elapsed(),
      "init",
      failure.kind === "timeout" ? "timeout" : "error",
      failure.kind === "timeout" ? undefined : failure.errorType,
    );
    this.discard();
    return undefined;
  }

  private async initialise(): Promise<Event> {
    if (this.worker === undefined || this.worker.gone) this.worker = this.adopt();
    const stop = this.host.memory.watch(this.worker.pid, this.revision.settings.memorySize, () => this.killForMemory());
    this.assign(this.worker);
    const event = await this.next();
    stop();
    return event;
  }

  /** Starts another process after a reset; its INIT counts as part of the invocation. */
  private async prepare(requestId: string, began: number): Promise<Result | undefined> {
    this.discard();
    this.worker = this.adopt();
    this.worker.slot?.limit(this.revision.settings.memorySize);
    const event = await this.initialise();
    if (event.kind === "ready") {
      this.initialised = true;
      return undefined;
    }
    if (event.kind === "timeout")
      return { failure: timeoutError(requestId, this.revision.settings.timeout, this.host.options.oldTimeoutError) };
    const failure = initErrorOf(event, requestId);
    this.log.initReport(performance.now() - began, "invoke", "error", failure.errorType);
    return { failure };
  }

  private async invoke(invocation: Invocation, deadline: number): Promise<Result> {
    const { settings } = this.revision;
    const worker = this.worker as Worker;
    const header: InvocationHeader = {
      requestId: invocation.requestId,
      arn: invocation.arn,
      deadline,
      traceId: invocation.traceId,
      clientContext: invocation.clientContext,
      identity: invocation.identity,
    };
    const stop = this.host.memory.watch(worker.pid, settings.memorySize, () => this.killForMemory());
    worker.send(command.invoke, withHeader(header, invocation.payload));
    const event = await this.next();
    stop();
    if (event.kind === "frame") return this.resultOf(event, invocation);
    if (event.kind === "timeout")
      return { failure: timeoutError(invocation.requestId, settings.timeout, this.host.options.oldTimeoutError) };
    return {
      failure:
        event.kind === "exit"
          ? exitError(invocation.requestId, event.code, event.signal, event.outOfMemory)
          : { kind: "function", payload: Buffer.from("null") },
    };
  }

  private resultOf({ type, body }: { type: number; body: Buffer }, invocation: Invocation): Result {
    if (type === report.fatal) return { failure: { kind: "function", payload: body, ended: true } };
    this.maxMemory = Math.max(this.maxMemory, body.readDoubleBE(0));
    const payload = body.subarray(8);
    if (type === report.error) return { failure: { kind: "function", payload } };
    if (type === report.streamEnd && invocation.onStream !== undefined) return { payload, streamed: true };
    const whole = type === report.streamEnd ? Buffer.concat(this.collected ?? []) : payload;
    return whole.length > maxResponse ? { failure: responseTooLarge(maxResponse) } : { payload: whole };
  }

  /** Keeps no more than makes the response too large. */
  private collect(chunk: Buffer): void {
    this.collected ??= [];
    const size = this.collected.reduce((sum, part) => sum + part.length, 0);
    if (size <= maxResponse) this.collected.push(Buffer.from(chunk));
  }

  private killForMemory(): void {
    if (this.worker === undefined) return;
    this.noteMemory(true);
    this.outOfMemory = true;
    this.worker.kill();
  }

  private noteMemory(fresh = false): void {
    this.maxMemory = Math.max(this.maxMemory, this.worker?.peak.read(fresh) ?? 0);
  }

  /** END and REPORT. */
  private finish({ invocation, result, durationMs, initMs }: End): void {
    const { memorySize, timeout } = this.revision.settings;
    const { failure } = result;
    this.noteMemory();
    if (failure?.kind === "timeout" || failure?.kind === "init" || failure?.ended === true) this.discard();
    const memoryMb = Math.max(1, Math.round(this.maxMemory / 1_048_576));
    this.log.end(
      {
        requestId: invocation.requestId,
        durationMs: failure?.kind === "timeout" ? Math.max(durationMs, timeout * 1000) : durationMs,
        billedMs: Math.ceil(durationMs + (initMs ?? 0)),
        memorySizeMb: memorySize,
        maxMemoryMb: failure?.errorType === "Runtime.OutOfMemory" ? Math.min(memoryMb, memorySize) : memoryMb,
        initMs,
        status:
          failure === undefined || failure.kind === "function" ? undefined : failure.kind === "timeout" ? "timeout" : "error",
        errorType: failure?.kind === "exit" || failure?.kind === "init" ? failure.errorType : undefined,
      },
      payloadOf(result).length,
    );
  }

  private outcome({ result, durationMs, initMs }: End): Outcome {
    return {
      payload: payloadOf(result),
      failed: result.failure !== undefined,
      executedVersion: this.revision.version,
      durationMs,
      billedMs: Math.ceil(durationMs + (initMs ?? 0)),
      logTail: this.log.endTail(),
      initMs,
      streamed: result.streamed === true,
    };
  }

  /** Kills the process; the environment stays and starts another when asked. */
  private discard(): void {
    const { worker } = this;
    this.worker = undefined;
    this.initialised = false;
    if (worker === undefined) return;
    worker.listener = undefined;
    worker.kill();
  }
}
