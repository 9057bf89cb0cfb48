/**
 * Monitoring: log events -> records -> traces -> measurement and application profile.
 *
 *   const read = await waitForCompleteness({ target, logGroups, from, expected, deadlineMs });   // or readRecords({ … })
 *   const traces = buildTraces(read.records, read.reports);                                      // = read.traces
 *   const measurement = summarize(traces, { setup, setupId, at, target: "local", cold: false, clientLatencies });
 *   const { profile, notes } = profileFrom(traces, { constraints });
 *
 * `readRecords` is incremental: pass the cursor of the last read, get only what is new; no event is missed (events may arrive up to two
 * minutes late) or given twice. `traces[i].lost` lists accepted calls whose invocation was never seen.
 */
export { readRecords, logsClient, type Cursor, type ReadOptions, type ReadResult } from "./read.ts";
export { parseLine, type Line, type Report } from "./lines.ts";
export { buildTraces, type Invocation, type LostCall, type Trace } from "./traces.ts";
export { summarize, type SummaryOptions } from "./summarize.ts";
export { waitForCompleteness, type CompleteRecords, type CompletenessOptions } from "./completeness.ts";
export { profileFrom, type ProfileNote, type ProfileOptions, type ProfileResult } from "./profile-from.ts";
export { DEFAULT_PRICES, PRICES, PRICES_DATE, type Prices } from "./prices.ts";
