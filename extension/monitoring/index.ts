/**
 * Monitoring: log events -> records -> traces -> measurement and application profile.
 *
 *   const read = await collectRecords({ target, logGroups, from, traces, deadlineMs });   // or readRecords({ … })
 *   const traces = buildTraces(read.records, read.reports);                                      // = read.traces
 *   const measurement = summarize(traces, { setup, setupId, at, target: "local", cold: false, requests });
 *   const { profile, notes } = profileFrom(traces, { graph, constraints });
 *
 * `readRecords` is incremental: pass the cursor of the last read, get only what is new; no event is missed (events may arrive up to two
 * minutes late) or given twice. `traces[i].lost` lists accepted calls whose invocation was never seen.
 */
export { readRecords, logsClient, type Cursor, type ReadOptions, type ReadResult } from "./read.ts";
export { parseLine, type Line, type Report } from "./lines.ts";
export { buildTraces, type Invocation, type LostCall, type Trace } from "./traces.ts";
export { billedMs, summarize, type SummaryOptions } from "./summarize.ts";
export {
  collectRecords,
  collectRecords as waitForCompleteness,
  type CompleteRecords,
  type CompletenessOptions,
} from "./completeness.ts";
export { profileFrom, type ProfileOptions, type ProfileResult } from "./profile-from.ts";
export { DEFAULT_PRICES, PRICES, PRICES_DATE, type Prices } from "./prices.ts";
