import { describe, expect, it } from "vitest";
import { patiently } from "../../../extension/deployment/endpoint/retry.ts";
import { pool } from "../../../extension/deployment/pool.ts";

const pace = { first: 1, most: 2, patience: 60 };

function fault(name: string, message = ""): Error {
  return Object.assign(new Error(message), { name });
}

function failing(...faults: Error[]) {
  let calls = 0;
  return {
    calls: () => calls,
    send: async () => {
      const next = faults[calls++];
      if (next) throw next;
      return calls;
    },
  };
}

describe("patience", () => {
  it.each([
    [
      "an update in progress",
      fault(
        "ResourceConflictException",
        "The operation cannot be performed at this time. An update is in progress for resource: x",
      ),
    ],
    ["throttling", fault("TooManyRequestsException", "Rate exceeded")],
    ["two at one role", fault("ConcurrentModificationException")],
  ])("outlasts %s", async (_, error) => {
    const work = failing(error, error);
    expect(await patiently({ pace, work: {} }, work.send)).toBe(3);
  });

  it.each([
    ["a name that is taken", fault("ResourceConflictException", "Function already exist: x")],
    ["a value that is wrong", fault("InvalidParameterValueException", "Unzipped size must be smaller than 262144000 bytes")],
    ["a right that is missing", fault("AccessDeniedException")],
  ])("does not repeat %s", async (_, error) => {
    const work = failing(error);
    await expect(patiently({ pace, work: {} }, work.send)).rejects.toBe(error);
    expect(work.calls()).toBe(1);
  });

  it("has an end", async () => {
    const error = fault("TooManyRequestsException");
    const work = { send: () => Promise.reject(error) };
    await expect(patiently({ pace, work: {} }, work.send)).rejects.toBe(error);
  });

  it("ends at once when it is cancelled", async () => {
    const controller = new AbortController();
    const slow = { first: 60_000, most: 60_000, patience: 120_000 };
    const work = failing(fault("TooManyRequestsException"));
    const waiting = patiently({ pace: slow, work: { signal: controller.signal } }, work.send);
    setImmediate(() => controller.abort(new Error("enough")));
    await expect(waiting).rejects.toThrow("enough");
  });
});

describe("pool", () => {
  it("runs no more than its width at once, and keeps the order", async () => {
    let running = 0;
    let most = 0;
    const results = await pool([5, 1, 4, 2, 3], 2, async (ticks) => {
      most = Math.max(most, ++running);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      running--;
      return ticks * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30]);
    expect(most).toBe(2);
  });

  it("starts nothing after a failure, and waits for what is running before it tells", async () => {
    const ended: number[] = [];
    const work = pool([1, 2, 3, 4], 2, async (item) => {
      if (item === 1) throw new Error("first");
      await new Promise(setImmediate);
      ended.push(item);
    });
    await expect(work).rejects.toThrow("first");
    expect(ended).toEqual([2]);
  });
});
