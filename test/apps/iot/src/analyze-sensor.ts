import { task } from "fusionize";
import { checkAir } from "./check-air.ts";
import { checkSensor } from "./check-sensor.ts";
import { checkSound } from "./check-sound.ts";
import { checkTemperature } from "./check-temperature.ts";
import { completeReading, sensorEvent, type Request } from "./reading.ts";
import { storeEvent } from "./store-event.ts";

/** Entry of the app: a sensor's reading comes in, is checked and stored, and the slow checks are started. */
export const analyzeSensor = task("analyzeSensor", async (request: Request | null) => {
  const reading = completeReading(request);
  const { working } = await checkSensor(sensorEvent(reading, reading.sensorID));
  await storeEvent(reading);
  await Promise.all([
    checkTemperature.async(sensorEvent(reading, reading.temperature)),
    checkSound.async(sensorEvent(reading, reading.sound)),
    checkAir.async(sensorEvent(reading, reading.air)),
  ]);
  return { sensorID: reading.sensorID, working };
});
