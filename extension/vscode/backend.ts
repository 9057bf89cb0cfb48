/**
 * The heavy parts of the product, loaded on first use so that activation stays under 50 ms. In the VSIX each is a module
 * of its own beside the extension's bundle, which esbuild leaves alone: see `backendExternal` there.
 */
export type Reading = typeof import("./backend/reading.ts");
export type Running = typeof import("./backend/running.ts");
export type Deploying = typeof import("./backend/deploying.ts");

let reading_: Promise<Reading> | undefined;
let running_: Promise<Running> | undefined;
let deploying_: Promise<Deploying> | undefined;

/** What could not be loaded is tried again the next time: an update of the extension may be under way. */
export function reading(): Promise<Reading> {
  reading_ ??= import("./backend/reading.ts");
  reading_.catch(() => (reading_ = undefined));
  return reading_;
}

export function running(): Promise<Running> {
  running_ ??= import("./backend/running.ts");
  running_.catch(() => (running_ = undefined));
  return running_;
}
export const deploying = (): Promise<Deploying> => (deploying_ ??= import("./backend/deploying.ts"));
