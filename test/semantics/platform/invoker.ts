/** Stands in for the runtime's Lambda client: requests go to the platform in this process that the function runs on. */
import type { Invoker } from "../../../extension/runtime/lambda.ts";

/** Platforms by their number, which is in the query of the function's module. */
export const PLATFORMS = Symbol.for("fusionize.test.platforms");

export function createInvoker(): Invoker {
  const platforms = (globalThis as { [PLATFORMS]?: Map<string, (source: string) => Invoker> })[PLATFORMS];
  const platform = platforms?.get(new URL(import.meta.url).searchParams.get("platform") ?? "");
  if (!platform) throw new Error("There is no platform for this function.");
  return platform(import.meta.url);
}
