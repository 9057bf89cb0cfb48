import { task } from "fusionize";

/** Tells what a value is, deeply: its types, and what JSON would not show. */
export function portrait(value: unknown): unknown {
  if (value === null || typeof value !== "object")
    return { type: typeof value, text: Object.is(value, -0) ? "-0" : String(value) };
  const entries = Object.entries(value).map(([name, member]) => [name, portrait(member)]);
  return {
    type: value.constructor?.name ?? "null prototype",
    frozen: Object.isFrozen(value),
    length: Array.isArray(value) ? value.length : undefined,
    entries,
  };
}

export const describe = task("describe", async (value: unknown) => portrait(value));

/** Changes its input in every way. */
export const spoil = task("spoil", async (value: { list: unknown[]; inner: { kept?: string; added?: boolean } }) => {
  value.list.push("spoilt");
  value.inner.added = true;
  delete value.inner.kept;
  return value;
});

const shared = { numbers: [1, 2, 3] };

/** Answers with what JSON has no words for, or with an object that it keeps. */
export const give = task("give", async (kind: string): Promise<unknown> => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const gifts: Record<string, unknown> = {
    nothing: undefined,
    date: { at: new Date(86_400_000) },
    numbers: [NaN, Infinity, -0, Number.MAX_VALUE],
    holes: { list: [undefined, ...Array<undefined>(1), () => 1, Symbol("s")], missing: undefined, method: () => 1 },
    map: new Map([["a", 1]]),
    custom: { toJSON: () => ({ custom: true }) },
    function: () => 1,
    text: "grüß\u{1F600}\uD800\u007F",
    cycle,
    big: { value: 10n },
    shared,
    prototype: JSON.parse('{"__proto__": {"polluted": true}}'),
  };
  return gifts[kind];
});
