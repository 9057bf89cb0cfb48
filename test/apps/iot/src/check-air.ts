import { task } from "fusionize";
import { actionSignage } from "./action-signage.ts";
import { detectJam } from "./detect-jam.ts";
import type { SensorEvent } from "./reading.ts";

/** Bad air tells of a traffic jam; the signs before it warn. */
export const checkAir = task("checkAir", async (event: SensorEvent) => {
  const { jam } = await detectJam(event);
  const { sensorID, time } = event.originalEvent;
  await actionSignage.async({ location: sensorID, chain: "air", warn: jam, time });
  return { jam };
});
