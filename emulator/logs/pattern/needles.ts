/**
 * Texts of which every matching message contains at least one. Undefined: nothing is known, every message must be looked at.
 */
export type Needles = readonly string[] | undefined;

/** More alternatives than this are not worth searching for one after another. */
const MAX_NEEDLES = 4;

/** Both must hold: the side with fewer, longer texts is the better sieve. */
export function both(a: Needles, b: Needles): Needles {
  if (!a || !b) return a ?? b;
  const shortest = (needles: readonly string[]) => Math.min(...needles.map((needle) => needle.length));
  if (a.length !== b.length) return a.length < b.length ? a : b;
  return shortest(a) >= shortest(b) ? a : b;
}

/** Either may hold. */
export function either(a: Needles, b: Needles): Needles {
  if (!a || !b || a.length + b.length > MAX_NEEDLES) return undefined;
  return [...new Set([...a, ...b])];
}

export const needle = (text: string): Needles => (text === "" ? undefined : [text]);
