/** Open-loop schedules: when requests are sent does not depend on when earlier ones are answered. */

/** Send times in ms from the start: `requests` at a constant `rate` per second. */
export function constantRate(requests: number, rate: number): number[] {
  return Array.from({ length: requests }, (_, index) => (index * 1000) / rate);
}

/**
 * Send times in ms: the rate moves linearly from `from` to `to` requests per second.
 * Request k is sent when the integral of the rate reaches k.
 */
export function ramp(requests: number, from: number, to: number): number[] {
  const mean = (from + to) / 2;
  const seconds = requests / mean;
  const slope = (to - from) / seconds;
  return Array.from({ length: requests }, (_, k) => {
    if (Math.abs(slope) < 1e-9) return (k * 1000) / from;
    return ((Math.sqrt(from * from + 2 * slope * k) - from) / slope) * 1000;
  });
}

/** Send times in ms: `size` requests at once, every `every` ms, `requests` in all. */
export function bursts(requests: number, size: number, every: number): number[] {
  return Array.from({ length: requests }, (_, index) => Math.floor(index / size) * every);
}
