/** Requests to the nasty app, and what its tasks may take. */
import type { Request } from "./observation.ts";
import { KINDS } from "./nasty/src/error-kinds.ts";

export const REQUESTS: Request[] = [
  { task: "values", event: {} },
  { task: "failures", event: null },
  ...KINDS.map((kind) => ({ task: "surface", event: kind })),
  { task: "identity", event: 0 },
  { task: "spread", event: "spread" },
  { task: "crowd", event: 20 },
  { task: "recursion", event: {} },
  { task: "turns", event: [] },
];

/** These move megabytes. */
export const LIMIT_REQUESTS: Request[] = [
  "request",
  "request over",
  "bytes, not characters",
  "response",
  "response over",
  "event",
  "event over",
].map((event) => ({ task: "limits", event }));

/** These wait for time to be up. */
export const TIMEOUT_REQUESTS: Request[] = ["quick", "late", "busy"].map((event) => ({ task: "patience", event }));

/** Seconds, of the tasks of `patience` that take too long. */
export const TIMEOUTS = { sleepy: 0.3, stubborn: 0.3 };
