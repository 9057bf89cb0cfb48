import { task } from "fusionize";
import { LAST_SENSOR, type SensorEvent } from "./reading.ts";
import { countPrimes } from "./work.ts";

/** A sensor works when it is one of the road's, and the check sum of its number can be computed. */
export const checkSensor = task("checkSensor", async ({ originalEvent: { sensorID } }: SensorEvent) => {
  const checkSum = countPrimes(1000 + sensorID);
  return { working: Number.isInteger(sensorID) && sensorID >= 0 && sensorID <= LAST_SENSOR && checkSum > 0, checkSum };
});
