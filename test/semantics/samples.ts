/** The apps that are compared, and the requests to them. */
import { resolve } from "node:path";
import type { Request } from "./observation.ts";

export const appFolder = (name: "tree" | "iot" | "nasty"): string =>
  resolve(import.meta.dirname, name === "nasty" ? "nasty" : `../apps/${name}`);

/** Makes the samples' CPU work and waiting small. */
export const WORK_SCALE = { FUSIONIZE_WORK_SCALE: "0.002" };

export const TREE_REQUESTS: Request[] = [{ task: "A", event: { test: "event" } }];

/** Neighbours, so that later requests read what earlier ones have stored; at a set time, because it is stored too. */
export const IOT_REQUESTS: Request[] = [
  { task: "analyzeSensor", event: { sensorID: 40, time: 1, temperature: 14.5, sound: 62.1, air: 21.3 } },
  { task: "analyzeSensor", event: { sensorID: 42, time: 2, temperature: -2, sound: 99, air: 55.2 } },
  { task: "analyzeSensor", event: { sensorID: 41, time: 3, temperature: 3, sound: 80, air: 40 } },
  { task: "analyzeSensor", event: { seed: 7, time: 4 } },
];
