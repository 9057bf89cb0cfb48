import { describe, expect, test } from "vitest";
import { parseLine } from "../../../extension/monitoring/index.ts";
import { record } from "./records.ts";

const group = "/aws/lambda/a";

test("what tasks print themselves is none of our business", () => {
  for (const line of [
    "",
    "hello",
    '{"level":"INFO","message":"fusionize"}',
    "START RequestId: 1 Version: 3",
    '"fusionize"',
    "{",
  ]) {
    expect(parseLine(line, group, 1), line).toBeUndefined();
  }
});

test("reads a record as it was written", () => {
  const one = record("A");
  expect(parseLine(JSON.stringify(one), group, 1)).toEqual({ kind: "record", record: one });
});

describe("lines that look like ours and are not", () => {
  const whole = JSON.stringify(record("A"));
  test.for([
    ["cut off in the middle", whole.slice(0, whole.length / 2)],
    ["a newer version", JSON.stringify({ ...record("A"), fusionize: 2 })],
    ["a negative time", JSON.stringify({ ...record("A"), duration: -1 })],
    ["no spans", JSON.stringify({ ...record("A"), spans: undefined })],
    ["a time that is no number", whole.replace(/"duration":10/, '"duration":"10"')],
  ])("%s", ([, line]) => expect(parseLine(line!, group, 1)).toEqual({ kind: "malformed" }));
});

test("reads the platform's report as text and as JSON alike", () => {
  const text =
    "REPORT RequestId: 7f\tDuration: 3.01 ms\tBilled Duration: 114 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tInit Duration: 110.10 ms\t";
  const json = JSON.stringify({
    time: "2026-01-01T00:00:00.000Z",
    type: "platform.report",
    record: {
      requestId: "7f",
      metrics: { durationMs: 3.01, billedDurationMs: 114, memorySizeMB: 128, maxMemoryUsedMB: 36, initDurationMs: 110.1 },
      status: "success",
    },
  });
  const report = {
    request: "7f",
    logGroup: group,
    timestamp: 5,
    duration: 3.01,
    billed: 114,
    memory: 128,
    maxMemoryUsed: 36,
    init: 110.1,
  };
  expect(parseLine(text, group, 5)).toEqual({ kind: "report", report });
  expect(parseLine(json, group, 5)).toEqual({ kind: "report", report });
});

test("keeps how a failed invocation ended", () => {
  const text =
    "REPORT RequestId: 7f\tDuration: 1000.00 ms\tBilled Duration: 1000 ms\tMemory Size: 128 MB\tMax Memory Used: 36 MB\tStatus: timeout";
  expect(parseLine(text, group, 5)).toMatchObject({ report: { status: "timeout" } });
  expect(parseLine("REPORT RequestId: 7f\tDuration: soon", group, 5)).toEqual({ kind: "malformed" });
});
