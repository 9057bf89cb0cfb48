import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EmulatorOptions } from "../options.ts";
import { calibration } from "../calibration.ts";
import { instanceEnvironment } from "./environment.ts";
import { exitError, initErrorOf, responseTooLarge, timeoutError } from "./failures.ts";
import type { Failure } from "./failures.ts";
import { command, report } from "./frames.ts";
import type { MemoryWatch } from "./memory.ts";
import { PlatformLog } from "./platform-log.ts";
import type { LogSink } from "./platform-log.ts";
import type { Invocation, Outcome, Revision } from "./revision.ts";
import type { Worker } from "./worker.ts";

/** What instances share. */
export interface InstanceHost {
  options: EmulatorOptions;
  endpoint(): string;
  logs: LogSink;
  memory: MemoryWatch;
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

const maxResponse = 6 * 1_048_576 + 100;

/** One execution environment: a log stream, a temporary folder and one process at a time, which crash and timeout replace. */
export class Instance {
  readonly id = randomBytes(16).toString("hex");
  readonly revision: Revision;
  readonly startedAt = Date.now();
  state: "starting" | "idle" | "busy" | "gone" = "starting";
  requests = 0;
  idleSince = 0;
  /** Called once when INIT has ended, well or not. */
  onInitialised: (() => void) | undefined;
  maxMemory = 0;
  private worker: Worker | undefined;
  /** The process has passed INIT. */
  private initialised = false;
  private fresh = true;
  private wake: ((event: Event) => void) | undefined;
  private onStream: Invocation["onStream"];
  /** Streamed response to a caller that wants it whole. */
  private collected: Buffer[] = [];
  private outOfMemory = false;
  private readonly host: InstanceHost;
  private readonly log: PlatformLog;
  private readonly temporary: string;
  private readonly logStream: string;

  constructor(host: InstanceHost, revision: Revision) {
    this.host = host;
    this.revision = revision;
    this.logStream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[${revision.version}]${this.id}`;
    this.log = new PlatformLog(host.logs, revision.settings, this.logStream, host.options.region);
    this.temporary = join(host.temporaryRoot, this.id);
    mkdirSync(this.temporary, { recursive: true });
  }

  get pid(): number | undefined {
    return this.worker?.pid;
  }

  /** Runs one request; the first includes INIT. Never rejects for what the function does. */
  async run(invocation: Invocation): Promise<Outcome> {
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
    const deadline = Date.now() + settings.timeout * 1000;
    const timer = setTimeout(() => this.wake?.({ kind: "timeout" }), settings.timeout * 1000);
    this.onStream = invocation.onStream;
    this.collected = [];
    const result = (await this.prepare(invocation.requestId, began)) ?? (await this.invoke(invocation, deadline));
    clearTimeout(timer);
    this.onStream = undefined;
    const durationMs = performance.now() - began;
    // All that the function wrote is in the log before REPORT, and before the caller has its answer.
    if (this.worker !== undefined && !this.worker.gone) await this.worker.drained();
    return this.finish(invocation, result, durationMs, initMs);
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
    this.log.flush();
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
    const limit = setTimeout(() => this.wake?.({ kind: "timeout" }), calibration.initLimitMs);
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

  /** Makes sure a process past INIT is there; one that is not was reset, and INIT then counts as part of the invocation. */
  private async prepare(requestId: string, began: number): Promise<Result | undefined> {
    if (this.worker !== undefined && this.initialised && !this.worker.gone) return undefined;
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
    const header = Buffer.from(
      JSON.stringify({
        requestId: invocation.requestId,
        arn: invocation.arn,
        deadline,
        traceId: invocation.traceId,
        clientContext: invocation.clientContext,
        identity: invocation.identity,
        streaming: invocation.onStream !== undefined,
      }),
    );
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(header.length, 0);
    const stop = this.host.memory.watch(worker.pid, settings.memorySize, () => this.killForMemory());
    worker.send(command.invoke, length, header, invocation.payload);
    const event = await this.next();
    stop();
    if (event.kind === "frame") {
      const reported = event.body.readDoubleBE(0);
      this.maxMemory = Math.max(this.maxMemory, reported);
      const payload = event.body.subarray(8);
      if (event.type === report.streamEnd) {
        if (invocation.onStream !== undefined) return { payload, streamed: true };
        const whole = Buffer.concat(this.collected);
        return whole.length > maxResponse ? { failure: responseTooLarge(maxResponse) } : { payload: whole };
      }
      if (event.type === report.error) return { failure: { kind: "function", payload } };
      if (payload.length > maxResponse) return { failure: responseTooLarge(maxResponse) };
      return { payload };
    }
    if (event.kind === "timeout")
      return { failure: timeoutError(invocation.requestId, settings.timeout, this.host.options.oldTimeoutError) };
    return {
      failure:
        event.kind === "exit"
          ? exitError(invocation.requestId, event.code, event.signal, event.outOfMemory)
          : { kind: "function", payload: Buffer.from("null") },
    };
  }

  /** Keeps no more than makes the response too large. */
  private collect(chunk: Buffer): void {
    const size = this.collected.reduce((sum, part) => sum + part.length, 0);
    if (size <= maxResponse) this.collected.push(Buffer.from(chunk));
  }

  private killForMemory(): void {
    if (this.worker === undefined) return;
    this.noteMemory();
    this.outOfMemory = true;
    this.worker.kill();
  }

  private noteMemory(): void {
    this.maxMemory = Math.max(this.maxMemory, this.worker?.peak.read() ?? 0);
  }

  private finish(invocation: Invocation, result: Result, durationMs: number, initMs: number | undefined): Outcome {
    const { settings } = this.revision;
    const { failure } = result;
    const payload = failure?.payload ?? result.payload ?? Buffer.alloc(0);
    this.noteMemory();
    if (failure?.kind === "timeout" || failure?.kind === "init") this.discard();
    const billedMs = Math.ceil(durationMs + (initMs ?? 0));
    this.log.end(
      {
        requestId: invocation.requestId,
        durationMs: failure?.kind === "timeout" ? Math.max(durationMs, settings.timeout * 1000) : durationMs,
        billedMs,
        memorySizeMb: settings.memorySize,
        maxMemoryMb: Math.min(
          Math.max(1, Math.round(this.maxMemory / 1_048_576)),
          failure?.errorType === "Runtime.OutOfMemory" ? settings.memorySize : Number.MAX_SAFE_INTEGER,
        ),
        initMs,
        status:
          failure === undefined || failure.kind === "function" ? undefined : failure.kind === "timeout" ? "timeout" : "error",
        errorType: failure?.kind === "exit" || failure?.kind === "init" ? failure.errorType : undefined,
      },
      payload.length,
    );
    const logTail = this.log.endTail();
    return {
      payload,
      failed: failure !== undefined,
      executedVersion: this.revision.version,
      durationMs,
      billedMs,
      logTail,
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

interface Result {
  payload?: Buffer;
  failure?: Failure;
  streamed?: boolean;
}
