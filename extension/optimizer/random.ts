/** Seeded draws: the optimizer knows no other randomness. */

/** Small seeded generator (Tommy Ettinger's mulberry32, public domain): reproducible draws are all that is asked of it. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Standard normal (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Log-normal of mean 1 and standard deviation `cv`. */
export function lognormal(random: () => number, cv: number): number {
  if (cv <= 0) return 1;
  const variance = Math.log(1 + cv * cv);
  return Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
}
