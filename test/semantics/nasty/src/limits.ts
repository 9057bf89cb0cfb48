import { task } from "fusionize";
import { effect } from "./effects.ts";
import { told } from "./fail.ts";

const SYNC = 6 * 1024 * 1024;
const ASYNC = 1024 * 1024;

/** Text whose JSON has so many bytes. */
const sized = (bytes: number): string => "x".repeat(bytes - 2);

export const measure = task("measure", async (text: string) => text.length);

export const inflate = task("inflate", async (bytes: number) => sized(bytes));

export const swallow = task("swallow", async (text: string) => {
  await effect(`swallow ${text.length}`);
});

/** Goes up to a limit, or over it. */
const CASES: Record<string, () => Promise<unknown>> = {
  request: () => told(measure(sized(SYNC))),
  "request over": () => told(measure(sized(SYNC + 1))),
  "bytes, not characters": () => told(measure("ü".repeat(SYNC / 2))),
  response: () => told(inflate(SYNC + 100).then((text) => text.length)),
  "response over": () => told(inflate(SYNC + 101).then((text) => text.length)),
  event: () => told(swallow.async(sized(ASYNC - 2000))),
  // The envelope counts as well.
  "event over": () => told(swallow.async(sized(ASYNC - 20))),
};

/** Entry. */
export const limits = task("limits", async (name: string) => await CASES[name]?.());
