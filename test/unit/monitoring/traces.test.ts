import { expect, test } from "vitest";
import { buildTraces } from "../../../extension/monitoring/index.ts";
import { record, reportOf, span } from "./records.ts";

function callTo(task: string, kind: "sync" | "async", given = {}) {
  return span(task, { kind, mode: "remote", caller: "A", parent: "root", ...given });
}

test("links callees to the spans that called them, and reports to records", () => {
  const call = callTo("B", "sync");
  const caller = record("A", { spans: [span("A", { id: "root" }), call] });
  const callee = record("B", { parent: call.id, invoked: "sync" });
  const [trace] = buildTraces([callee, caller], [reportOf(callee), reportOf(caller)]);
  expect(trace!.root!.record).toBe(caller);
  const answered = trace!.invocations.find((one) => one.record === callee)!;
  expect(answered.caller!.span).toBe(call);
  expect(answered.report!.request).toBe(callee.request);
  expect(trace!.lost).toEqual([]);
});

test("calls that were accepted and left no record are lost; calls that failed or ran inline are not", () => {
  const caller = record("A", {
    spans: [
      span("A", { id: "root" }),
      callTo("B", "async"),
      callTo("C", "sync", { error: "Error" }),
      callTo("D", "async", { mode: "inline", handedOver: true }),
      callTo("E", "async", { mode: "inline" }),
    ],
  });
  const [trace] = buildTraces([caller], []);
  expect(trace!.lost.map(({ task, kind }) => `${task} ${kind}`)).toEqual(["B async", "D async"]);
});

test("a trace without its root's record says so", () => {
  const [trace] = buildTraces([record("B", { parent: "gone", invoked: "async" })], []);
  expect(trace!.root).toBeUndefined();
  expect(trace!.lost).toEqual([{ trace: "t1", task: "", kind: "root" }]);
});

test("a line that the log gave twice counts once; retries and second deliveries stay apart", () => {
  const call = callTo("B", "async");
  const caller = record("A", { spans: [span("A", { id: "root" }), call] });
  const first = record("B", { parent: call.id, invoked: "async" });
  const retry = record("B", { parent: call.id, invoked: "async", request: first.request, instance: "other" });
  const again = record("B", { parent: call.id, invoked: "async" });
  const [trace] = buildTraces([caller, first, first, retry, again], []);
  expect(trace!.duplicates).toBe(1);
  expect(trace!.invocations.map(({ repeats }) => repeats)).toEqual([undefined, undefined, "retry", "delivery"]);
});

test("of several reports of one request each record takes the one that was written at its end", () => {
  const first = record("A", { request: "r", start: 1_000, duration: 100 });
  const second = record("A", { request: "r", start: 60_000, duration: 100, instance: "other" });
  const reports = [reportOf(second, { billed: 2 }), reportOf(first, { billed: 1 })];
  const [trace] = buildTraces([second, first], reports);
  expect(trace!.invocations.map(({ report }) => report?.billed)).toEqual([1, 2]);
});
