/**
 * Tests of one quantity on pairs of blocks, that may be read after every pair.
 *
 * A pair is two blocks of requests, one of the old and one of the new setup: at the same time (AWS, split at the root), or one after the
 * other with a coin deciding which comes first (one machine). Either way the coin, not the machine, decides the sign of a difference where
 * there is none: whatever drifts, bursts or repeats from block to block, each sign is then fair, given all that happened before. So
 *
 *   W_n = Π exp(λ_i y_i) / cosh(λ_i y_i)
 *
 * is a martingale that starts at 1, for any λ_i that is known once the size |y_i| is (the sign is still open), and by Ville's inequality it
 * ever reaches 1/α with probability α at most: continuous peeking costs nothing, no variance must be known, no distribution assumed. We
 * average W over a few λ in units of the differences' root mean square, so that any effect is found in near the best time. The smallest p
 * that n pairs can give is 2^-n, as for every test that rests on randomisation alone: five pairs for 5 %.
 *
 * Sources: Ville 1939; the sign-symmetric supermartingale of de la Peña, Annals of Probability 27 (1999); Ramdas et al., "Game-theoretic
 * statistics and safe anytime-valid inference" (2023), for mixtures and their use.
 */

/** λ in units of 1 / root mean square of the differences. */
const BETS = [0.12, 0.25, 0.5, 1, 2.5];

/** Evidence (`e`-values, 1 = none; 1/α decides) for and against a difference. */
export interface Evidence {
  /** That the differences lie below `shift`. */
  below: number;
  /** That they lie above it. */
  above: number;
}

/** @param differences new − old of each pair, in time order. Pairs without a difference say nothing. */
export function evidence(differences: readonly number[], shift = 0): Evidence {
  return run(differences, shift).last;
}

/** The largest evidence that was ever reached: a test that once decided stays decided. */
export function peakEvidence(differences: readonly number[], shift = 0): Evidence {
  return run(differences, shift).peak;
}

function run(differences: readonly number[], shift: number): { last: Evidence; peak: Evidence } {
  const below = BETS.map(() => 0);
  const above = BETS.map(() => 0);
  const last: Evidence = { below: 1, above: 1 };
  const peak: Evidence = { below: 1, above: 1 };
  let squares = 0;
  let count = 0;
  for (const difference of differences) {
    const y = difference - shift;
    if (y === 0 || !Number.isFinite(y)) continue;
    squares += y * y;
    const standard = y / Math.sqrt(squares / ++count);
    for (let i = 0; i < BETS.length; i++) {
      const stake = BETS[i]! * standard;
      const fair = logCosh(stake);
      above[i]! += stake - fair;
      below[i]! -= stake + fair;
    }
    last.below = average(below);
    last.above = average(above);
    peak.below = Math.max(peak.below, last.below);
    peak.above = Math.max(peak.above, last.above);
  }
  return { last, peak };
}

function average(logs: readonly number[]): number {
  return logs.reduce((sum, log) => sum + Math.exp(Math.min(700, log)), 0) / logs.length;
}

function logCosh(x: number): number {
  const size = Math.abs(x);
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}

export interface Interval {
  low: number;
  high: number;
}

/**
 * Confidence sequence for the mean difference: holds at every moment at once with probability 1 − `alpha`, when noise around the difference
 * is symmetric. Infinite on a side where too few pairs are in.
 */
export function confidence(differences: readonly number[], alpha: number): Interval {
  if (differences.length === 0) return { low: -Infinity, high: Infinity };
  const center = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const width = Math.max(...differences.map((one) => Math.abs(one - center)), Math.abs(center) * 1e-6, 1e-12);
  const limit = 2 / alpha;
  const edge = (direction: 1 | -1): number => {
    const excluded = (shift: number) => {
      const { below, above } = evidence(differences, shift);
      return (direction === 1 ? below : above) >= limit;
    };
    let outside = 2 * width;
    for (; !excluded(center + direction * outside); outside *= 2) if (outside > 1e4 * width) return direction * Infinity;
    let inside = 0;
    for (let step = 0; step < 50; step++) {
      const middle = (inside + outside) / 2;
      if (excluded(center + direction * middle)) outside = middle;
      else inside = middle;
    }
    return center + direction * outside;
  };
  return { low: edge(-1), high: edge(1) };
}

/** What a comparison is planned for. */
export interface PlanOptions {
  /** Smallest share by which the new setup must differ to be found, e.g. 0.05. */
  effect: number;
  /** Standard deviation / mean of single requests. */
  variation: number;
  /** Requests of one block of one setup. */
  blockRequests: number;
  /** By how much neighbouring requests resemble each other: integrated autocorrelation time, in requests. Measured on Lambda: 1.7 to 2.7. */
  autocorrelation?: number;
  alpha?: number;
}

export interface ComparisonPlan {
  /** Pairs after which the search for a difference is given up: "no difference, old kept". */
  pairs: number;
  /** Of both setups together, at most. */
  requests: number;
}

/**
 * The cap on a comparison that finds `effect` with probability 0.9. Mean pairs for a log-ratio of mean θ standard deviations are about
 * 2 ln(1/α')/θ², where α' pays for the mixture of λ; the 90th percentile is reached at about twice that, never before randomisation allows.
 */
export function planComparison({
  effect,
  variation,
  blockRequests,
  autocorrelation = 2.2,
  alpha = 0.05,
}: PlanOptions): ComparisonPlan {
  const deviation = variation * Math.sqrt((2 * autocorrelation) / Math.max(1, blockRequests));
  const theta = Math.log1p(effect) / Math.max(deviation, 1e-9);
  const least = Math.ceil(Math.log2(BETS.length / (2 * alpha))) + 3;
  const pairs = Math.ceil(least + (3.4 * (Math.log(1 / alpha) + 1.2)) / theta ** 2);
  return { pairs, requests: 2 * pairs * blockRequests };
}

/**
 * Share of the error budget for the k-th decision (1, 2, …) on one app, so that all decisions ever made stay within `alpha`:
 * α · 6 / (π² k²), which sums to α.
 */
export function alphaOfDecision(k: number, alpha = 0.05): number {
  return (alpha * 6) / (Math.PI ** 2 * Math.max(1, k) ** 2);
}
