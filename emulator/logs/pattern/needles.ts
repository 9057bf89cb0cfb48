/**
 * Texts of which every matching message contains at least one. Undefined: nothing is known, every message must be looked at.
 * `weight` guesses how few messages contain them: long texts are rarer than short ones, values rarer than names.
 */
export type Needles = { readonly texts: readonly string[]; readonly weight: number } | undefined;

/** More alternatives than this are not worth searching for one after another. */
const MAX_TEXTS = 4;
const VALUE_WEIGHT = 4;

/** A text that stands in the message's values. */
export const valueNeedle = (text: string): Needles =>
  text === "" ? undefined : { texts: [text], weight: text.length * VALUE_WEIGHT };

/** A text that is part of how messages are built, such as a member's name. */
export const nameNeedle = (text: string): Needles => (text === "" ? undefined : { texts: [text], weight: text.length });

/** Both must hold: the rarer side is the better sieve. */
export function both(a: Needles, b: Needles): Needles {
  if (!a || !b) return a ?? b;
  return a.weight / a.texts.length >= b.weight / b.texts.length ? a : b;
}

/** Either may hold. */
export function either(a: Needles, b: Needles): Needles {
  if (!a || !b) return undefined;
  const texts = [...new Set([...a.texts, ...b.texts])];
  return texts.length > MAX_TEXTS ? undefined : { texts, weight: Math.min(a.weight, b.weight) };
}
