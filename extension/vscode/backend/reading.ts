/** Entry of `dist/backend/reading.mjs`: what the editor needs to know an app. Parser and validator, no SDK, no bundler. */
export { acceptEdits } from "../../application/accept.ts";
export { loadApp, sourceFiles } from "../../application/app.ts";
export { renameInConfig } from "../../core/rename-task.ts";
export { savedEvents, workloadEvents } from "../../application/events.ts";
export { readHistory, readRuns, sourceHash } from "../../application/history.ts";
export { createDiscovery } from "../../discovery/index.ts";
