import { describe, expect, test } from "vitest";
import { FilterLogEventsCommand, type FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import type { InvocationRecord } from "../../../extension/core/record.ts";
import type { Target } from "../../../extension/deployment/index.ts";
import { readRecords, type ReadOptions } from "../../../extension/monitoring/index.ts";
import { record, span } from "./records.ts";

const target: Target = {
  kind: "local",
  endpoint: "http://127.0.0.1:1",
  region: "eu-central-1",
  stage: "local",
  roles: { arn: "" },
  environment: {},
};

/** A log group's events behind the protocol of FilterLogEvents: pages, a start time, and faults to order. */
class Log {
  readonly events: FilteredLogEvent[] = [];
  readonly asked: { startTime: number | undefined; nextToken: string | undefined }[] = [];
  faults: Error[] = [];
  private readonly page: number;

  constructor(page = 2) {
    this.page = page;
  }

  add(message: string, timestamp: number, eventId = `e${this.events.length}`): void {
    this.events.push({ message, timestamp, eventId, logStreamName: "s" });
  }

  read(options: Partial<ReadOptions> = {}) {
    const send = ({ input }: FilterLogEventsCommand) => {
      const { startTime, nextToken } = input;
      this.asked.push({ startTime, nextToken });
      const fault = this.faults.shift();
      if (fault) return Promise.reject(fault);
      const found = this.events.filter(({ timestamp }) => timestamp! >= (startTime ?? 0));
      const from = Number(nextToken ?? 0);
      const events = found.slice(from, from + this.page);
      return Promise.resolve({
        events,
        ...(from + this.page < found.length && { nextToken: String(from + this.page) }),
        $metadata: {},
      });
    };
    const client = { send } as unknown as NonNullable<ReadOptions["client"]>;
    return readRecords({ target, logGroups: ["/aws/lambda/a"], from: 0, client, ...options });
  }
}

const named = (name: string): Error => Object.assign(new Error(`${name}!`), { name });
const idsOf = (records: readonly InvocationRecord[]): string[] => records.map(({ request }) => request);

test("reads all pages, also empty ones, and counts what it cannot understand", async () => {
  const log = new Log(2);
  for (let i = 0; i < 5; i++) log.add(JSON.stringify(record("A", { request: `r${i}` })), 1000 + i);
  log.add('{"fusionize":1,"trace":', 1006);
  log.add("REPORT RequestId: x\tDuration: ?", 1007);
  const { records, malformed } = await log.read();
  expect(idsOf(records)).toEqual(["r0", "r1", "r2", "r3", "r4"]);
  expect(malformed).toBe(2);
  expect(log.asked.map(({ nextToken }) => nextToken)).toEqual([undefined, "2", "4", "6"]);
});

test("goes on where it ended: nothing twice, and nothing missed of what arrives late", async () => {
  const log = new Log();
  log.add(JSON.stringify(record("A", { request: "first" })), 1_000_000);
  const first = await log.read();
  log.add(JSON.stringify(record("A", { request: "late" })), 1_000_000 - 90_000);
  log.add(JSON.stringify(record("A", { request: "next" })), 1_000_500);
  const second = await log.read({ cursor: first.cursor });
  expect(idsOf(second.records).sort()).toEqual(["late", "next"]);
  const third = await log.read({ cursor: JSON.parse(JSON.stringify(second.cursor)) as typeof second.cursor });
  expect(third.records).toEqual([]);
  // It does not read from the beginning for ever.
  expect(log.asked.at(-1)!.startTime).toBeGreaterThan(0);
});

test("an event that two pages repeat counts once", async () => {
  const log = new Log();
  const line = JSON.stringify(record("A"));
  log.add(line, 1000, "same");
  log.add(line, 1000, "same");
  expect((await log.read()).records).toHaveLength(1);
});

describe("a record in parts", () => {
  const whole = record("A", { spans: [span("A"), span("B"), span("C")] });
  const parts = whole.spans.map((one, i) => JSON.stringify({ ...whole, spans: [one], part: [i, 3] }));

  test("is put together in order, whatever the order of its lines", async () => {
    const log = new Log();
    for (const i of [2, 0, 1]) log.add(parts[i]!, 1000 + i);
    expect((await log.read()).records).toEqual([whole]);
  });

  test("waits in the cursor for the parts that have not arrived", async () => {
    const log = new Log();
    log.add(parts[0]!, 1000);
    log.add(parts[2]!, 1001);
    const first = await log.read();
    expect(first.records).toEqual([]);
    log.add(parts[1]!, 1002);
    expect((await log.read({ cursor: first.cursor })).records).toEqual([whole]);
  });
});

test("a log group that does not exist yet holds nothing; throttling is waited out; refusals say what to do", async () => {
  const log = new Log();
  log.add(JSON.stringify(record("A")), 1000);
  log.faults = [named("ResourceNotFoundException")];
  expect((await log.read()).records).toEqual([]);
  log.faults = [named("ThrottlingException"), named("ServiceUnavailableException")];
  expect((await log.read()).records).toHaveLength(1);
  log.faults = [named("AccessDeniedException")];
  await expect(log.read()).rejects.toMatchObject({
    code: "logs-unreadable",
    message: expect.stringContaining("AccessDeniedException!") as string,
  });
});

test("a cancel ends it, also while it waits for a throttled service", async () => {
  const cancel = new AbortController();
  const log = new Log();
  log.faults = Array.from({ length: 20 }, () => named("ThrottlingException"));
  const reading = log.read({ signal: cancel.signal });
  cancel.abort(new Error("enough"));
  await expect(reading).rejects.toThrow();
});
