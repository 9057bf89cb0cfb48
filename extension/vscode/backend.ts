/**
 * The heavy parts of the product, loaded on first use so that activation stays under 50 ms. In the VSIX each is a module
 * of its own beside the extension's bundle, which esbuild leaves alone: see `backendExternal` there.
 */
export type Reading = typeof import("./backend/reading.ts");
export type Running = typeof import("./backend/running.ts");

let reading_: Promise<Reading> | undefined;
let running_: Promise<Running> | undefined;

export const reading = (): Promise<Reading> => (reading_ ??= import("./backend/reading.ts"));
export const running = (): Promise<Running> => (running_ ??= import("./backend/running.ts"));
