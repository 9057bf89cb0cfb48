import { task } from "fusionize";
import { actionSignage } from "./action-signage.ts";
import type { SensorEvent } from "./reading.ts";
import { countDownTwice } from "./work.ts";

/** Works out whether the road may be icy, and has the signs set. */
export const checkTemperature = task("checkTemperature", async ({ originalEvent: { sensorID, time, value } }: SensorEvent) => {
  await countDownTwice();
  await actionSignage.async({ location: sensorID, chain: "temperature", warn: value < 3, time });
});
