import { expect, test } from "vitest";
import { ConcurrencyGate } from "../../../emulator/lambda/concurrency.ts";
import type { FunctionRecord } from "../../../emulator/lambda/model.ts";
import type { Registry } from "../../../emulator/lambda/registry.ts";

/** Only what the gate looks at. */
function gateFor(functions: { name: string; reserved?: number }[], account = 1_000) {
  const records = functions as FunctionRecord[];
  const registry = { list: () => records, find: (name: string) => records.find((record) => record.name === name) };
  let now = 0;
  const gate = new ConcurrencyGate(registry as unknown as Registry, account, () => now);
  const counted = (take: () => void, most = 100_000): number => {
    for (let count = 0; count < most; count++) {
      try {
        take();
      } catch {
        return count;
      }
    }
    return most;
  };
  return {
    gate,
    records,
    counted,
    pass: (ms: number) => {
      now += ms;
    },
  };
}
const throttled = (reason: string) =>
  expect.objectContaining({
    status: 429,
    code: "TooManyRequestsException",
    body: { Type: "User", message: "Rate Exceeded.", Reason: reason },
    headers: { "retry-after": "1" },
  });

test("a function gets a thousand new instances at once, then a hundred a second, and saves none up", () => {
  const { gate, counted, pass } = gateFor([{ name: "a" }, { name: "b" }]);
  expect(counted(() => gate.scale("a"))).toBe(1_000);
  // Each function has its own.
  expect(counted(() => gate.scale("b"))).toBe(1_000);
  pass(1_000);
  expect(counted(() => gate.scale("a"))).toBe(100);
  pass(60_000);
  expect(counted(() => gate.scale("a"))).toBe(1_000);
  expect(() => gate.scale("a")).toThrow(throttled("ConcurrentInvocationLimitExceeded"));
});

test("the account's concurrency is shared by functions that reserve none; a reserved one has its own", () => {
  const { gate, records, counted } = gateFor([{ name: "a" }, { name: "b" }, { name: "own", reserved: 3 }], 10);
  const [a, b, own] = records as [FunctionRecord, FunctionRecord, FunctionRecord];
  expect(counted(() => gate.enter(a), 4)).toBe(4);
  expect(counted(() => gate.enter(b))).toBe(3);
  expect(() => gate.enter(a)).toThrow(throttled("ConcurrentInvocationLimitExceeded"));
  expect(counted(() => gate.enter(own))).toBe(3);
  expect(() => gate.enter(own)).toThrow(throttled("ReservedFunctionConcurrentInvocationLimitExceeded"));
  gate.leave("a");
  gate.enter(b);
  expect(() => gate.enter(a)).toThrow();
  gate.leave("own");
  gate.enter(own);
});

test("synchronous requests: ten a second for each unit of concurrency", () => {
  const { gate, records, counted, pass } = gateFor(
    [{ name: "a" }, { name: "own", reserved: 5 }, { name: "none", reserved: 0 }],
    105,
  );
  const [a, own, none] = records as [FunctionRecord, FunctionRecord, FunctionRecord];
  expect(counted(() => gate.rate(own))).toBe(50);
  expect(() => gate.rate(own)).toThrow(throttled("ReservedFunctionInvocationRateLimitExceeded"));
  pass(100);
  expect(counted(() => gate.rate(own))).toBe(5);
  expect(counted(() => gate.rate(a))).toBe(1_000);
  expect(() => gate.rate(a)).toThrow(throttled("FunctionInvocationRateLimitExceeded"));
  // Concurrency 0 has a reason of its own.
  expect(() => gate.rate(none)).not.toThrow();
  expect(() => gate.enter(none)).toThrow(throttled("ReservedFunctionConcurrentInvocationLimitExceeded"));
});
