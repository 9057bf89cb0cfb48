/**
 * Checks on everything that crosses between the page and the extension host. Both sides call these on what they receive;
 * the result is a fresh copy that holds only known fields, so nothing unchecked travels further.
 */
import type { FromWebview, ToWebview } from "./protocol.ts";
import { array, boolean, type Check, fail, literal, number, object, optional, string, union } from "./checks.ts";

export type Validated<T> = { ok: true; value: T } | { ok: false; reason: string };

/** Enough for the largest apps we promise to draw, small enough that a hostile message cannot exhaust memory. */
const MAX_TASKS = 5_000;
const MAX_TEXT = 4_000;
/** Characters of an exported picture: a PNG of 4,000 × 4,000 pixels as base64. */
const MAX_EXPORT = 24_000_000;

const text = string(MAX_TEXT);
const name = string(256);
const amount = number(0, 1e12);
const share = number(0, 1);
const time = number(-1e12, 1e12);
const line = number(1, 10_000_000, { integer: true });
const kind = literal("sync", "async");
const names = array(name, MAX_TASKS);

/** A path inside the app's folder: relative, `/`, no step upwards. The host still resolves it against the workspace. */
const file: Check<string> = (value, at) => {
  const path = string(1_000)(value, at);
  const bad = path.startsWith("/") || path.includes("\\") || /^[a-z][a-z0-9+.-]*:/i.test(path) || path.split("/").includes("..");
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (bad || path === "" || /[\u0000-\u001f]/.test(path)) return fail(at, "a path inside the app's folder");
  return path;
};

const taskView = object({
  name,
  file,
  line,
  entry: boolean,
  ownCpuMs: optional(amount),
  ownWaitMs: optional(amount),
  p50Ms: optional(amount),
  p95Ms: optional(amount),
  runsPerRequest: optional(amount),
  errors: optional(amount),
  samples: optional(amount),
  constraints: optional(array(text, 50)),
});

const callView = object({
  from: name,
  to: name,
  kind,
  file,
  line,
  perRequest: optional(amount),
  hopMs: optional(amount),
  doubleBilledPerMillion: optional(amount),
  evidence: optional(literal("unseen", "observed")),
});

const functionView = object({
  root: name,
  memory: amount,
  tasks: names,
  inline: names,
  inlineAsync: names,
  p50Ms: optional(amount),
  costPerMillion: optional(amount),
  costShare: optional(share),
  coldShare: optional(share),
  instances: optional(amount),
  busy: optional(amount),
});

const setupView = object({
  id: name,
  notation: string(100_000),
  functions: array(functionView, MAX_TASKS),
  latencyP50Ms: optional(amount),
  costPerMillion: optional(amount),
});

const numbers = object({ latencyP50Ms: amount, costPerMillion: amount });
const interval: Check<[number, number]> = (value, at) => {
  const [low, high, ...more] = array(amount, 2)(value, at);
  return low === undefined || high === undefined || more.length > 0 ? fail(at, "two numbers") : [low, high];
};

const suggestionView = object({
  setup: setupView,
  title: text,
  reasons: array(text, 50),
  expected: numbers,
  current: numbers,
});

const frontPoint = object({
  setup: setupView,
  latencyMs: amount,
  costPerMillion: amount,
  measured: boolean,
  latencyInterval: optional(interval),
  costInterval: optional(interval),
  dominated: boolean,
  current: boolean,
  labels: array(name, 20),
  ledger: optional(array(object({ term: name, perMillion: time }), 50)),
});

const span = object({
  id: name,
  parent: optional(name),
  task: name,
  kind: literal("sync", "async", "entry"),
  mode: literal("inline", "remote"),
  startMs: time,
  durationMs: amount,
  cpuMs: optional(amount),
  error: optional(text),
  logs: optional(array(text, 1_000)),
});

const traceView = object({
  trace: name,
  durationMs: amount,
  lanes: array(
    object({
      function: name,
      instance: name,
      memory: amount,
      startMs: time,
      durationMs: amount,
      initMs: optional(amount),
      spans: array(span, 20_000),
    }),
    2_000,
  ),
});

const panelState = object({
  revision: amount,
  app: name,
  tasks: array(taskView, MAX_TASKS),
  calls: array(callView, 50_000),
  setup: setupView,
  suggestion: optional(suggestionView),
  front: array(frontPoint, 20_000),
  trace: optional(traceView),
  traces: optional(
    array(
      object({
        trace: name,
        durationMs: amount,
        cold: boolean,
        error: boolean,
        at: optional(number(0, 8.64e15)),
        rank: optional(literal("p50", "p95", "p99", "slowest")),
      }),
      1_000,
    ),
  ),
  diagnostics: array(
    object({ severity: literal("error", "warning", "information"), message: text, file: string(1_000), line: number(0, 1e7) }),
    5_000,
  ),
  run: object({
    state: literal("stopped", "starting", "running", "stopping"),
    message: optional(text),
    measured: optional(text),
  }),
});

const toWebview: Check<ToWebview> = union("type", {
  state: object({ type: literal("state"), state: panelState }),
  live: object({
    type: literal("live"),
    invocations: array(object({ function: name, cold: boolean, durationMs: amount }), 100_000),
    instances: array(object({ function: name, total: amount, busy: amount }), MAX_TASKS),
  }),
  reveal: object({ type: literal("reveal"), task: name }),
  cursor: object({ type: literal("cursor"), task: optional(name) }),
  showTab: object({ type: literal("showTab"), tab: literal("graph", "front", "trace"), picked: optional(name) }),
});

/** View state is the page's own affair; the host only stores it, so shape does not matter but size and plainness do. */
const viewState: Check<unknown> = (value, at) => {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    return fail(at, "a JSON value");
  }
  if (json === undefined || json.length > 200_000) return fail(at, "a JSON value of at most 200,000 characters");
  return JSON.parse(json) as unknown;
};

const fromWebview: Check<FromWebview> = union("type", {
  ready: object({ type: literal("ready") }),
  drawn: object({ type: literal("drawn") }),
  openSource: object({ type: literal("openSource"), file, line }),
  acceptSuggestion: object({ type: literal("acceptSuggestion") }),
  acceptSetup: object({ type: literal("acceptSetup"), setupId: name }),
  command: object({
    type: literal("command"),
    command: literal("runLocally", "stop", "invokeTask", "runWorkload", "suggest", "createSample", "showLog"),
    task: optional(name),
  }),
  showTrace: object({ type: literal("showTrace"), trace: optional(name), task: optional(name), caller: optional(name) }),
  viewState: object({ type: literal("viewState"), state: viewState }),
  export: object({
    type: literal("export"),
    format: literal("svg", "png", "mermaid", "dot"),
    content: string(MAX_EXPORT),
    to: optional(literal("file", "clipboard")),
  }),
});

function run<T>(check: Check<T>, value: unknown): Validated<T> {
  try {
    return { ok: true, value: check(value, "message") };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** For the page: what the host sent. */
export const validateToWebview = (value: unknown): Validated<ToWebview> => run(toWebview, value);

/** For the host: what the page sent. */
export const validateFromWebview = (value: unknown): Validated<FromWebview> => run(fromWebview, value);
