/** Entry of `dist/backend/running.mjs`: emulator, deployment, workload, optimizer. Loaded when something is to run. */
export { acceptGuarded, blockRequestsOf } from "../../application/acceptance/accept-guarded.ts";
export { localStage } from "../../application/acceptance/stages.ts";
export { evidenceOf } from "../../application/acceptance/words.ts";
export { startLocal } from "../../application/local-run.ts";
export { measuredProfile, optimizeApp } from "../../application/suggest.ts";
export { collectRecords, readRecords } from "../../monitoring/index.ts";
export { readRequestLines } from "../../monitoring/request-lines.ts";
