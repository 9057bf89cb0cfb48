import type { Bench } from "./emulator-under-fault.ts";

/** Sends events without a pause until told to stop; each takes up to 30 ms, and a share of them fails at the first attempt. */
export function sending(bench: Bench, random: () => number, { fail = 0 } = {}): { stop: () => Promise<void> } {
  const told = new AbortController();
  const lanes = Array.from({ length: 4 }, async () => {
    while (!told.signal.aborted) await bench.send(Math.floor(random() * 30), random() < fail);
  });
  return {
    stop: async () => {
      told.abort();
      await Promise.all(lanes);
    },
  };
}
