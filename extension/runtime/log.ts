/** Writes monitoring records to the function's log. */
import type { InvocationRecord, Span } from "../core/record.ts";

/** Bytes of a line; CloudWatch Logs takes events of 256 KB, and no less anywhere. */
const MAX_LINE = 200_000;

/** One line per record, or several parts where it would get too long. Directly to stdout: `console` would put a prefix before it. */
export function writeRecord(record: InvocationRecord): void {
  for (const part of parts(record)) process.stdout.write(`${JSON.stringify(part)}\n`);
}

/** The record in parts whose lines stay below the limit; each repeats everything but the spans. */
export function parts(record: InvocationRecord): InvocationRecord[] {
  const lengths = record.spans.map((span) => Buffer.byteLength(JSON.stringify(span)) + 1);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total < MAX_LINE) return [record];
  const groups: Span[][] = [];
  let room = 0;
  record.spans.forEach((span, index) => {
    const length = lengths[index] ?? 0;
    if (length > room || groups.length === 0) {
      groups.push([]);
      room = MAX_LINE;
    }
    groups.at(-1)?.push(span);
    room -= length;
  });
  return groups.map((spans, index) => ({ ...record, part: [index, groups.length], spans }));
}
