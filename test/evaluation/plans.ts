/** How much is measured. */
import type { Plan } from "./types.ts";

const SEED = 2024;

/** What the report is made from: about an hour and a half on two cores. */
export const FULL: Plan = {
  apps: ["tree", "iot", "web"],
  loads: {
    warm: { requests: 20, blocks: 3, contenders: "all once" },
    cold: { requests: 9, blocks: 2, contenders: "main" },
    bursty: { requests: 12, blocks: 2, contenders: "main" },
  },
  rate: 1,
  searchRequests: 20,
  measuredSweep: true,
  workScale: 1,
  hops: [5, 10, 20, 40],
  seed: SEED,
};

/** The same code, as little as still says something, in three minutes: for the tests. Less CPU work allows a higher rate. */
export const SHORT: Plan = {
  apps: ["iot", "web"],
  loads: { warm: { requests: 15, blocks: 2, contenders: "three" } },
  rate: 4,
  searchRequests: 15,
  measuredSweep: false,
  workScale: 0.25,
  hops: [],
  seed: SEED,
};
