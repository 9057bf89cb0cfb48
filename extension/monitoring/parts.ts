/** Records whose spans needed several lines, put together again. */
import type { InvocationRecord } from "../core/record.ts";

/** One invocation, whichever attempt: retries keep the request id but not instance and sequence. */
export function invocationKey(record: InvocationRecord): string {
  return `${record.request}|${record.instance}|${record.sequence}`;
}

/** Whole records, and the parts that still miss others. */
export function joinParts(lines: InvocationRecord[]): { records: InvocationRecord[]; pending: InvocationRecord[] } {
  const records: InvocationRecord[] = [];
  const open = new Map<string, Map<number, InvocationRecord>>();
  for (const line of lines) {
    if (!line.part || line.part[1] === 1) {
      records.push(withoutPart(line));
      continue;
    }
    const key = invocationKey(line);
    const parts = open.get(key) ?? new Map<number, InvocationRecord>();
    open.set(key, parts);
    parts.set(line.part[0], line);
    if (parts.size < line.part[1]) continue;
    const ordered = [...parts.values()].sort((a, b) => a.part![0] - b.part![0]);
    records.push({ ...withoutPart(ordered[0]!), spans: ordered.flatMap((part) => part.spans) });
    open.delete(key);
  }
  return { records, pending: [...open.values()].flatMap((parts) => [...parts.values()]) };
}

function withoutPart(record: InvocationRecord): InvocationRecord {
  const { part: _, ...whole } = record;
  return whole;
}
