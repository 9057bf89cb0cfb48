import { task } from "fusionize";
import type { Reading } from "./reading.ts";
import { put } from "./tables.ts";

export const storeEvent = task("storeEvent", async ({ sensorID, ...values }: Reading) => {
  await put("sensor", sensorID, values);
});
