import { task } from "fusionize";
import type { SensorEvent } from "./reading.ts";
import { soundAccident } from "./sound-accident.ts";
import { soundTooLoud } from "./sound-too-loud.ts";

export const checkSound = task("checkSound", async (event: SensorEvent) => {
  const [loudness, crash] = await Promise.all([soundTooLoud(event), soundAccident(event)]);
  return { tooLoud: loudness.tooLoud, accident: crash.accident };
});
