/** Requests to the existing applications that are compared: each a scenario of one invocation. */
import type { Request } from "./observation.ts";

const old = (scenario: string, event?: unknown): Request => ({ task: "Old", event: { scenario, event } });
const probe = (scenario: string, event?: unknown): Request => ({ task: "Probe", event: { scenario, event } });

const KINDS = ["undefined", "null", "text", "date", "cyclic", "bigint", "plain"];
const CALLBACKS = ["later", "error", "text", "done", "succeed", "fail", "throw", "twice"];
const FAILURES = ["class", "text", "object", "nothing", "cause", "reference", "empty", "service"];
const ONCE = ["async", "dry", "tail", "none", "bytes", "malformed", "aggregated", "by callback", "outside", "context"];

const OF_THE_SECOND = ["async", "dry", "tail", "none", "bytes", "malformed", "invalid", "too large", "too large, async"].concat([
  "by callback",
  "by events",
  "outside",
  "newer",
  "slow",
]);
export const EXISTING_REQUESTS: Request[] = [
  ...KINDS.map((kind) => probe("value", { kind, echo: kind })),
  ...CALLBACKS.map((how) => probe("callback", { how })),
  ...FAILURES.map((how) => probe("fails", { how })),
  ...ONCE.map((scenario) => probe(scenario)),
  probe("relay", { fail: false }),
  probe("relay", { fail: true }),
  probe("value", { kind: "large", bytes: 6 * 1024 * 1024 }),
  probe("too large"),
  probe("too large, async"),
  probe("slow"),
  ...["undefined", "text", "bigint"].map((kind) => old("value", { kind, echo: kind })),
  old("value", { kind: "large", bytes: 6 * 1024 * 1024 }),
  old("callback", { how: "later" }),
  ...["class", "text", "reference"].map((how) => old("fails", { how })),
  ...OF_THE_SECOND.map((scenario) => old(scenario)),
];

const order = (id: string, card: string, items: unknown[]) => ({
  body: JSON.stringify({ id, customer: "Ada", card, items }),
});

export const SHOP_REQUESTS: Request[] = [
  { task: "GetCatalog", event: { queryStringParameters: { search: "desk" } } },
  { task: "PlaceOrder", event: order("o1", "4111", [{ id: "MUG", quantity: 12 }]) },
  { task: "PlaceOrder", event: order("o2", "5500", [{ id: "LAMP", quantity: 1 }]) },
  { task: "PlaceOrder", event: order("o3", "4111", [{ id: "CHAIR", quantity: 1 }]) },
  { task: "PlaceOrder", event: order("o4", "4111", [{ id: "DESK", quantity: 51 }]) },
  { task: "PlaceOrder", event: { body: "not json" } },
  { task: "NightlyReport", event: { time: "2026-11-24T03:00:00Z" } },
];
