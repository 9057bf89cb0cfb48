/** Records and reports by hand: only what a test cares about is given. */
import type { InvocationRecord, Span } from "../../../extension/core/record.ts";
import type { Report } from "../../../extension/monitoring/index.ts";

let ids = 0;

export function span(task: string, given: Partial<Span> = {}): Span {
  return { id: `s${++ids}`, task, kind: "entry", mode: "inline", start: 0, duration: 10, cpu: [0, 1], in: 2, out: 2, ...given };
}

export function record(task: string, given: Partial<InvocationRecord> = {}): InvocationRecord {
  const number = ++ids;
  return {
    fusionize: 1,
    trace: "t1",
    setup: "base",
    function: task,
    request: `request-${number}`,
    instance: `instance-${task}`,
    sequence: number,
    memory: 128,
    cold: false,
    invoked: "unknown",
    start: 1_700_000_000_000 + number,
    duration: 10,
    cpu: 1,
    spans: [span(task)],
    ...given,
  };
}

export function reportOf(
  { request, function: root, start, duration, memory }: InvocationRecord,
  given: Partial<Report> = {},
): Report {
  return {
    request,
    logGroup: `/aws/lambda/${root}`,
    timestamp: start + duration,
    duration: duration + 1,
    billed: Math.ceil(duration + 1),
    memory,
    maxMemoryUsed: 80,
    ...given,
  };
}
