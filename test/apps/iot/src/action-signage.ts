import { task } from "fusionize";
import { put } from "./tables.ts";
import { countDownTwice } from "./work.ts";

export interface SignageEvent {
  /** Sensor where something was found. */
  location: number;
  /** The check that found it. */
  chain: "temperature" | "air";
  warn: boolean;
  time: number;
}

/** Signs after the location are set as well. */
const RANGE = 5;

/** Sets the signs at a location and along the road after it. */
export const actionSignage = task("actionSignage", async ({ location, chain, warn, time }: SignageEvent) => {
  await countDownTwice();
  const signs = Array.from({ length: RANGE + 1 }, (_, distance) => location + distance);
  await Promise.all(signs.map(async (sign) => await put("signage", sign, { reason: chain, warn, time })));
});
