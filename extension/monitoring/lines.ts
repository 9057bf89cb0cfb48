/** One log event's text -> what it says, if it is one of ours or one of the platform's reports. Log text is untrusted. */
import { z } from "zod";
import { RECORD_VERSION, type InvocationRecord } from "../core/record.ts";

/** What the platform says about one invocation: its REPORT line. */
export interface Report {
  request: string;
  logGroup: string;
  /** ms since the epoch. */
  timestamp: number;
  /** ms, without INIT. */
  duration: number;
  /** ms, INIT included. */
  billed: number;
  /** MB. */
  memory: number;
  /** MB. */
  maxMemoryUsed: number;
  /** ms; on cold starts only. */
  init?: number;
  /** `timeout`, `error`, …; absent when all went well. */
  status?: string;
}

export type Line = { kind: "record"; record: InvocationRecord } | { kind: "report"; report: Report } | { kind: "malformed" };

const text = z.string().max(512);
const id = text.min(1);
/** More than any of ours. */
const MOST = 1e12;
/** ms, MB, vCPU-ms or bytes. */
const amount = z.number().min(0).max(MOST);
const reading = z.tuple([amount, amount]);
const callKind = z.enum(["sync", "async"]);

const span = z.object({
  id,
  parent: id.optional(),
  task: id,
  caller: text.optional(),
  kind: z.enum(["sync", "async", "entry"]),
  mode: z.enum(["inline", "remote"]),
  start: amount,
  duration: amount,
  cpu: reading,
  thread: reading.optional(),
  in: amount,
  out: amount,
  error: z.string().max(65_536).optional(),
  handedOver: z.literal(true).optional(),
});

const record = z.object({
  fusionize: z.literal(RECORD_VERSION),
  trace: id,
  setup: text,
  function: id,
  request: id,
  instance: id,
  sequence: z.number().int().min(0),
  memory: amount.min(1),
  cold: z.boolean(),
  init: amount.optional(),
  invoked: z.union([callKind, z.literal("unknown")]),
  parent: id.optional(),
  start: z.number().min(0).max(8.64e15),
  duration: amount,
  cpu: amount,
  part: z.tuple([z.number().int().min(0).max(9_999), z.number().int().min(1).max(10_000)]).optional(),
  spans: z.array(span).max(100_000),
});

const platformReport = z.object({
  type: z.literal("platform.report"),
  record: z.object({
    requestId: id,
    status: text.optional(),
    metrics: z.object({
      durationMs: amount,
      billedDurationMs: amount,
      memorySizeMB: amount,
      maxMemoryUsedMB: amount,
      initDurationMs: amount.optional(),
    }),
  }),
});

/** Undefined for lines that are neither ours nor a report: what tasks print themselves. */
export function parseLine(message: string, logGroup: string, timestamp: number): Line | undefined {
  if (message.startsWith("REPORT RequestId:")) return textReport(message, logGroup, timestamp);
  if (!message.startsWith("{")) return undefined;
  const ours = message.includes('"fusionize"');
  if (!ours && !message.includes('"platform.report"')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return ours && /^\{\s*"fusionize"/.test(message) ? { kind: "malformed" } : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if ("fusionize" in value) {
    const parsed = record.safeParse(value);
    if (!parsed.success) return { kind: "malformed" };
    return { kind: "record", record: parsed.data };
  }
  if (!("type" in value) || value.type !== "platform.report") return undefined;
  const parsed = platformReport.safeParse(value);
  if (!parsed.success) return { kind: "malformed" };
  const { requestId, metrics, status } = parsed.data.record;
  const report: Report = {
    request: requestId,
    logGroup,
    timestamp,
    duration: metrics.durationMs,
    billed: metrics.billedDurationMs,
    memory: metrics.memorySizeMB,
    maxMemoryUsed: metrics.maxMemoryUsedMB,
  };
  if (metrics.initDurationMs !== undefined) report.init = metrics.initDurationMs;
  if (status !== undefined && status !== "success") report.status = status;
  return { kind: "report", report };
}

/** Fields of a text report are separated by tabs: `Duration: 3.01 ms`, `Memory Size: 128 MB`, … */
function textReport(message: string, logGroup: string, timestamp: number): Line {
  const fields = new Map<string, string>();
  for (const field of message.slice("REPORT ".length).split("\t")) {
    const colon = field.indexOf(":");
    if (colon > 0) fields.set(field.slice(0, colon).trim(), field.slice(colon + 1).trim());
  }
  const number = (name: string) => {
    const found = /^(\d+(?:\.\d+)?)(?: (?:ms|MB))?$/.exec(fields.get(name) ?? "");
    const value = found ? Number(found[1]) : Infinity;
    return value <= MOST ? value : undefined;
  };
  const request = fields.get("RequestId");
  const duration = number("Duration");
  const billed = number("Billed Duration");
  const memory = number("Memory Size");
  const maxMemoryUsed = number("Max Memory Used");
  if (!request || duration === undefined || billed === undefined || memory === undefined || maxMemoryUsed === undefined) {
    return { kind: "malformed" };
  }
  const report: Report = { request, logGroup, timestamp, duration, billed, memory, maxMemoryUsed };
  const init = number("Init Duration");
  if (init !== undefined) report.init = init;
  const status = fields.get("Status");
  if (status !== undefined && status !== "success") report.status = status;
  return { kind: "report", report };
}
