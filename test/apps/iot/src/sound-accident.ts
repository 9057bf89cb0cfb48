import { task } from "fusionize";
import type { SensorEvent } from "./reading.ts";
import { put } from "./tables.ts";
import { countPrimes } from "./work.ts";

/** dB(A): nothing on a road is this loud but a crash. */
const CRASH = 95;

export const soundAccident = task("soundAccident", async ({ originalEvent: { sensorID, time, value } }: SensorEvent) => {
  const pattern = countPrimes(1000 + Math.round(value));
  const accident = value > CRASH;
  await put("soundAccident", sensorID, { accident, pattern, time });
  return { accident };
});
