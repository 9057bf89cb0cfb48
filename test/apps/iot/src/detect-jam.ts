import { task } from "fusionize";
import type { SensorEvent } from "./reading.ts";
import { put } from "./tables.ts";
import { countDownTwice } from "./work.ts";

/** Share of fine dust, µg/m³. */
const LIMIT = 40;

export const detectJam = task("detectJam", async ({ originalEvent: { sensorID, time, value } }: SensorEvent) => {
  await countDownTwice();
  const jam = value > LIMIT;
  await put("jam", sensorID, { jam, value, time });
  return { jam };
});
