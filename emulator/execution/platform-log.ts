import type { Settings } from "../lambda/model.ts";
import type { Outbox } from "./outbox.ts";

/** Where log events go. */
export interface LogSink {
  append(group: string, stream: string, events: { timestamp: number; message: string }[]): void;
}

export interface ReportFacts {
  requestId: string;
  durationMs: number;
  billedMs: number;
  memorySizeMb: number;
  maxMemoryMb: number;
  initMs?: number;
  /** Absent = success. */
  status?: "timeout" | "error";
  errorType?: string;
}

const runtimeVersion = (runtime: string): string => runtime.replace(/^nodejs(\d+)\.x$/, "nodejs:$1.v1");
const runtimeArn = (region: string): string => `arn:aws:lambda:${region}::runtime:${"0".repeat(64)}`;
/** Events of an instance that wait for a store that takes none; older ones are dropped. */
const mostKept = 10_000;
const systemLevels = ["DEBUG", "INFO", "WARN"];

/** Writes one instance's log stream: the function's lines and the platform's own, in the text or the JSON format. */
export class PlatformLog {
  private readonly sink: LogSink;
  private readonly outbox: Outbox;
  private readonly settings: Settings;
  private readonly stream: string;
  private readonly region: string;
  private waiting: { timestamp: number; message: string | End }[] = [];
  private tail: string[] | undefined;
  private tailBytes = 0;

  constructor(sink: LogSink, outbox: Outbox, settings: Settings, stream: string, region: string) {
    this.sink = sink;
    this.outbox = outbox;
    this.settings = settings;
    this.stream = stream;
    this.region = region;
  }

  /** Keeps what follows for the caller's log tail. */
  startTail(): void {
    this.tail = [];
    this.tailBytes = 0;
  }

  /** Last 4 KB since `startTail`, base64. */
  endTail(): string | undefined {
    if (this.tail === undefined) return undefined;
    const bytes = Buffer.from(this.tail.join(""));
    this.tail = undefined;
    return bytes.subarray(Math.max(0, bytes.length - 4096)).toString("base64");
  }

  line(text: string): void {
    const message = `${text}\n`;
    if (this.waiting.push({ timestamp: Date.now(), message }) === 1) this.outbox.hold(this);
    if (this.tail === undefined) return;
    this.tail.push(message);
    this.tailBytes += message.length;
    while (this.tail.length > 1 && this.tailBytes - (this.tail[0] as string).length >= 4096)
      this.tailBytes -= (this.tail.shift() as string).length;
  }

  /** Throws when the store takes none of it, and keeps it then. */
  flush(): void {
    if (this.waiting.length === 0) return;
    const events: { timestamp: number; message: string }[] = [];
    for (const { timestamp, message } of this.waiting) {
      if (typeof message === "string") events.push({ timestamp, message });
      else for (const text of this.endLines(message, timestamp)) events.push({ timestamp, message: `${text}\n` });
    }
    try {
      this.sink.append(this.settings.logging.group, this.stream, events);
      this.waiting = [];
    } catch (error) {
      this.waiting = events.slice(-mostKept);
      throw error;
    }
  }

  initStart(): void {
    const version = runtimeVersion(this.settings.runtime);
    const arn = runtimeArn(this.region);
    if (this.text) this.line(`INIT_START Runtime Version: ${version}\tRuntime Version ARN: ${arn}`);
    else
      this.record("INFO", "platform.initStart", {
        initializationType: "on-demand",
        phase: "init",
        runtimeVersion: version,
        runtimeVersionArn: arn,
      });
  }

  initReport(durationMs: number, phase: "init" | "invoke", status: "timeout" | "error", errorType?: string): void {
    if (this.text) {
      const type = errorType === undefined ? "" : `\tError Type: ${errorType}`;
      this.line(`INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\tStatus: ${status}${type}`);
    } else
      this.record("WARN", "platform.initReport", {
        initializationType: "on-demand",
        phase,
        status,
        errorType,
        metrics: { durationMs: round(durationMs) },
      });
  }

  start(requestId: string, version: string, arn: string): void {
    if (this.text) this.line(`START RequestId: ${requestId} Version: ${version}`);
    else this.record("INFO", "platform.start", { requestId, functionArn: arn, version });
  }

  /** END and REPORT of an invocation. They are put into words when they are needed. */
  end(facts: ReportFacts, producedBytes: number): void {
    const end = { facts, producedBytes };
    const timestamp = Date.now();
    if (this.tail !== undefined) for (const text of this.endLines(end, timestamp)) this.line(text);
    else if (this.waiting.push({ timestamp, message: end }) === 1) this.outbox.hold(this);
  }

  private endLines({ facts, producedBytes }: End, timestamp: number): string[] {
    if (this.text) return [`END RequestId: ${facts.requestId}`, reportLine(facts)];
    const { requestId, errorType, status = "success" } = facts;
    const metrics = {
      durationMs: round(facts.durationMs),
      billedDurationMs: facts.billedMs,
      memorySizeMB: facts.memorySizeMb,
      maxMemoryUsedMB: facts.maxMemoryMb,
      initDurationMs: facts.initMs === undefined ? undefined : round(facts.initMs),
    };
    const done = { requestId, status, errorType, metrics: { durationMs: round(facts.durationMs), producedBytes } };
    return [
      this.recordLine(status === "success" ? "DEBUG" : "WARN", "platform.runtimeDone", done, timestamp),
      this.recordLine(
        status === "success" ? "INFO" : "WARN",
        "platform.report",
        { requestId, metrics, status, errorType },
        timestamp,
      ),
    ].filter((line) => line !== undefined);
  }

  private get text(): boolean {
    return this.settings.logging.format === "Text";
  }

  private record(level: string, type: string, record: Record<string, unknown>): void {
    const line = this.recordLine(level, type, record, Date.now());
    if (line !== undefined) this.line(line);
  }

  /** Undefined when the function wants no records of this level. */
  private recordLine(level: string, type: string, record: Record<string, unknown>, timestamp: number): string | undefined {
    if (systemLevels.indexOf(level) < systemLevels.indexOf(this.settings.logging.systemLevel ?? "INFO")) return undefined;
    return JSON.stringify({ time: new Date(timestamp).toISOString(), type, record });
  }
}

/** The end of an invocation, not yet in words. */
interface End {
  facts: ReportFacts;
  producedBytes: number;
}

function reportLine(facts: ReportFacts): string {
  const fields = [
    `REPORT RequestId: ${facts.requestId}`,
    `Duration: ${facts.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${facts.billedMs} ms`,
    `Memory Size: ${facts.memorySizeMb} MB`,
    `Max Memory Used: ${facts.maxMemoryMb} MB`,
  ];
  if (facts.initMs !== undefined) fields.push(`Init Duration: ${facts.initMs.toFixed(2)} ms`);
  if (facts.status !== undefined) fields.push(`Status: ${facts.status}`);
  if (facts.errorType !== undefined) fields.push(`Error Type: ${facts.errorType}`);
  return `${fields.join("\t")}\t`;
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
