import type { Bench } from "./emulator-under-fault.ts";

/** Sends events without a pause until told to stop; each takes up to 30 ms. */
export function sending(bench: Bench, random: () => number): { stop: () => Promise<void> } {
  const told = new AbortController();
  const lanes = Array.from({ length: 4 }, async () => {
    while (!told.signal.aborted) await bench.send(Math.floor(random() * 30));
  });
  return {
    stop: async () => {
      told.abort();
      await Promise.all(lanes);
    },
  };
}
