/**
 * Fusionize++-style, as their optimizer works: one call is changed per deployment until every synchronous call is inline and every asynchronous one
 * remote; then all functions are deployed at each size, and every function takes the size of the lowest mean of duration x size.
 */
import type { FusionSetup } from "../../extension/core/setup.ts";
import type { Measurement } from "../../extension/core/measurement.ts";
import { paperHeuristic } from "../../extension/optimizer/index.ts";
import type { ApplicationProfile } from "../../extension/optimizer/profile.ts";

/** MB, of their IoT runs; larger ones than the app was measured with are left out by the caller. */
export const PAPER_SIZES = [128, 768, 1024, 1536, 1650, 2048];

/** Base first, then one call a step, the path setup last. Which calls there are is all they need to know. */
export function pathSteps(profile: ApplicationProfile): { setup: FusionSetup; what: string }[] {
  const { steps } = paperHeuristic(profile);
  const end = steps.findIndex(({ what }) => what.startsWith("all functions at"));
  return steps.slice(0, end);
}

export const sized = (setup: FusionSetup, memory: number): FusionSetup =>
  Object.fromEntries(Object.entries(setup).map(([root, own]) => [root, { ...own, memory }]));

/** Every function at the size of its lowest mean duration x size; what a size never ran with keeps its memory. */
export function cheapestSizes(path: FusionSetup, sweep: { memory: number; measurement: Measurement }[]): FusionSetup {
  return Object.fromEntries(
    Object.entries(path).map(([root, own]) => {
      let best: { cost: number; memory: number } | undefined;
      for (const { memory, measurement } of sweep) {
        const seen = measurement.functions.find((one) => one.root === root && one.memory === memory);
        const cost = seen ? seen.duration.mean * memory : undefined;
        if (cost !== undefined && (!best || cost < best.cost)) best = { cost, memory };
      }
      return [root, best ? { ...own, memory: best.memory } : own];
    }),
  );
}
