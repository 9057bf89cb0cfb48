/** Tasks without any deployment: plain functions in a user's unit tests. */
import { expect, it } from "vitest";
import { task } from "../../../extension/runtime/index.ts";

it("a task is called like a function, and calls cross by value", async () => {
  const callee = task("unit-callee", async (input: { list: number[]; at: Date }) => {
    input.list.push(3);
    return { seen: input.list.length, at: input.at };
  });
  const given = { list: [1, 2], at: new Date(0) };
  const caller = task("unit-caller", async () => await callee(given));
  expect(await caller({} as never)).toEqual({ seen: 3, at: "1970-01-01T00:00:00.000Z" });
  expect(given.list).toEqual([1, 2]);
});

it("errors arrive as plain errors with name and message", async () => {
  class Special extends RangeError {
    override readonly name = "Special";
    readonly code = 7;
  }
  const thrower = task("unit-thrower", async () => {
    throw new Special("too far");
  });
  const caller = task("unit-catcher", async () => {
    try {
      await thrower({} as never);
      return undefined;
    } catch (error) {
      const { name, message } = error as Error;
      return { name, message, special: error instanceof Special, code: "code" in (error as object) };
    }
  });
  expect(await caller({} as never)).toEqual({ name: "Special", message: "too far", special: false, code: false });
});
