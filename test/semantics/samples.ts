/** The apps that are compared, and the requests to them. */
import { resolve } from "node:path";
import type { Request } from "./observation.ts";

export const appFolder = (name: "tree" | "iot" | "web" | "nasty" | "faulty" | "sam-shop" | "existing"): string =>
  resolve(import.meta.dirname, name === "nasty" || name === "faulty" || name === "existing" ? name : `../apps/${name}`);

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

/** A visit: what one request has put into the cart, later ones find there; then what the shop refuses. */
export const WEB_REQUESTS: Request[] = [
  { task: "addCartItem", event: { userId: "ada", productId: "LAMP", quantity: 2 } },
  { task: "frontend", event: { operation: "addcart", userId: "ada", productId: "KETTLE", quantity: 1 } },
  { task: "frontend", event: { operation: "get", userId: "ada", currency: "JPY" } },
  { task: "frontend", event: { operation: "checkout", userId: "ada", currency: "EUR", email: "ada@shop.example" } },
  { task: "frontend", event: { operation: "cart", userId: "ada" } },
  { task: "frontend", event: { operation: "get", userId: "ada", currency: "ABC" } },
  { task: "frontend", event: { operation: "steal", userId: "ada" } },
  { task: "searchProducts", event: { query: "desk" } },
];
