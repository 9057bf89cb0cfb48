import { task } from "fusionize";
import type { SensorEvent } from "./reading.ts";
import { put, query } from "./tables.ts";

/** dB(A). */
const LIMIT = 75;

/** A road is too loud where a sensor and its neighbours are, on average. */
export const soundTooLoud = task("soundTooLoud", async ({ originalEvent: { sensorID, time, value } }: SensorEvent) => {
  const before = await query("soundLevel", sensorID - 1);
  const after = await query("soundLevel", sensorID + 1);
  const levels = [value, ...[...before, ...after].map((item) => Number(item["level"]))];
  const average = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const tooLoud = average > LIMIT;
  await put("soundLevel", sensorID, { level: value, tooLoud, time });
  return { tooLoud };
});
