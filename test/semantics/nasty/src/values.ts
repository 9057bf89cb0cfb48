import { describe, give, portrait, spoil } from "./describe.ts";
import { told } from "./fail.ts";
import { task } from "fusionize";

class Money {
  amount: number;
  constructor(amount: number) {
    this.amount = amount;
  }
}

/** Entry: sends and gets values that JSON changes, and changes what it sent and got. */
export const values = task("values", async () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const inputs: unknown[] = [
    undefined,
    null,
    "text",
    0,
    -0,
    [1, undefined, NaN],
    { at: new Date(0), missing: undefined, nan: NaN, method: () => 1 },
    new Money(3),
    new Map([["a", 1]]),
    Object.freeze({ deep: Object.freeze([1]) }),
    { $fusionize: { v: 1, trace: "t", span: "s", caller: "c", kind: "async" }, event: { inner: 1 } },
    { event: 1, context: 2 },
    JSON.parse('{"__proto__": 1, "constructor": 2}'),
    "grüß\u{1F600}\uD800\u007F\u0000",
  ];
  const seen: unknown[] = [];
  for (const input of inputs) seen.push(await describe(input));
  const refused = [await told(describe(10n)), await told(describe(cycle))];

  const original = { list: [1], inner: { kept: "yes" }, at: new Date(5) };
  const spoilt = await spoil(original);
  spoilt.list.push("by caller");

  const gifts: unknown[] = [];
  for (const kind of ["nothing", "date", "numbers", "holes", "map", "custom", "function", "text", "prototype"]) {
    gifts.push([kind, portrait(await give(kind))]);
  }
  for (const kind of ["cycle", "big"]) gifts.push([kind, await told(give(kind))]);
  const first = (await give("shared")) as { numbers: number[] };
  first.numbers.push(4);
  gifts.push(["shared", await give("shared")]);

  // What a caller changes after the call has begun does not reach the callee.
  const changing = { count: 1 };
  const pending = describe(changing);
  changing.count = 2;
  const early = await pending;
  return { seen, refused, original: portrait(original), spoilt, gifts, early };
});
