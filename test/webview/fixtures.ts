/** States as the host would send them: the smaller of the papers' applications. */
import type { CallView, FunctionView, PanelState, SetupView, TaskView } from "../../webview/protocol.ts";

type Kind = "sync" | "async";

export function task(name: string, extra: Partial<TaskView> = {}): TaskView {
  return { name, file: `src/${name.replace(/[^\w-]/g, "_").slice(0, 60) || "task"}.ts`, line: 3, entry: false, ...extra };
}

export const call = (from: string, to: string, kind: Kind, extra: Partial<CallView> = {}): CallView => ({
  from,
  to,
  kind,
  file: `src/${from.replace(/[^\w-]/g, "_").slice(0, 60) || "task"}.ts`,
  line: 8,
  ...extra,
});

export function fn(root: string, memory: number, extra: Partial<FunctionView> = {}): FunctionView {
  const inline = extra.inline ?? [];
  const inlineAsync = extra.inlineAsync ?? [];
  return { root, memory, tasks: [root, ...new Set([...inline, ...inlineAsync])], inline, inlineAsync, ...extra };
}

export const setup = (id: string, functions: FunctionView[], extra: Partial<SetupView> = {}): SetupView => ({
  id,
  notation: functions.map((each) => `(${each.tasks.join(",")})`).join("-"),
  functions,
  ...extra,
});

export const state = (tasks: TaskView[], calls: CallView[], current: SetupView, extra: Partial<PanelState> = {}): PanelState => ({
  revision: 1,
  app: "app",
  tasks,
  calls,
  setup: current,
  front: [],
  diagnostics: [],
  run: { state: "stopped" },
  ...extra,
});

const IOT: [string, number, number][] = [
  ["analyzeSensor", 2.1, 0.4],
  ["checkSensor", 0.8, 0.1],
  ["storeEvent", 1.9, 41],
  ["checkTemperature", 182, 0.6],
  ["checkSound", 1.4, 0.2],
  ["checkAir", 1.2, 0.3],
  ["soundTooLoud", 4.2, 88],
  ["soundAccident", 2.2, 38],
  ["detectJam", 191, 44],
  ["actionSignage", 188, 122],
];

const IOT_CALLS: [string, string, Kind, number][] = [
  ["analyzeSensor", "checkSensor", "sync", 1],
  ["analyzeSensor", "storeEvent", "sync", 1],
  ["analyzeSensor", "checkTemperature", "async", 1],
  ["analyzeSensor", "checkSound", "async", 1],
  ["analyzeSensor", "checkAir", "async", 1],
  ["checkSound", "soundTooLoud", "sync", 1],
  ["checkSound", "soundAccident", "sync", 1],
  ["checkAir", "detectJam", "sync", 1],
  ["checkAir", "actionSignage", "async", 1],
  ["checkTemperature", "actionSignage", "async", 1],
];

const TWICE: Record<string, number> = {
  checkSensor: 0.03,
  storeEvent: 0.21,
  soundTooLoud: 0.38,
  soundAccident: 0.14,
  detectJam: 4.12,
};

export const iotSuggested = (): SetupView =>
  setup("s-3f9a", [
    fn("analyzeSensor", 512, { inline: ["checkSensor", "storeEvent"] }),
    fn("checkTemperature", 1769, { inlineAsync: ["actionSignage"] }),
    fn("checkSound", 256, { inline: ["soundTooLoud", "soundAccident"] }),
    fn("checkAir", 1769, { inline: ["detectJam"], inlineAsync: ["actionSignage"] }),
    fn("actionSignage", 1769),
  ]);

export function iot({ measured = true, suggestion = true }: { measured?: boolean; suggestion?: boolean } = {}): PanelState {
  const total = IOT.reduce((sum, [, cpu, wait]) => sum + cpu * 14 + wait, 0);
  const tasks = IOT.map(([name, cpu, wait], index) =>
    task(name, {
      line: 4 + index,
      entry: name === "analyzeSensor",
      ...(measured
        ? {
            ownCpuMs: cpu,
            ownWaitMs: wait,
            p50Ms: cpu * 13.8 + wait,
            p95Ms: cpu * 15 + wait * 1.6,
            runsPerRequest: name === "actionSignage" ? 2 : 1,
            errors: 0,
            samples: 120,
          }
        : {}),
      ...(name === "checkSound" ? { constraints: ["never together with checkAir"] } : {}),
    }),
  );
  const calls = IOT_CALLS.map(([from, to, kind, times], index) =>
    call(from, to, kind, {
      line: 10 + index,
      ...(measured
        ? {
            perRequest: times,
            hopMs: kind === "sync" ? 13.4 + index : 9.2,
            ...(kind === "sync" ? { doubleBilledPerMillion: TWICE[to] ?? 0 } : {}),
          }
        : {}),
    }),
  );
  const current = setup(
    "base",
    IOT.map(([name, cpu, wait]) =>
      fn(
        name,
        128,
        measured
          ? {
              p50Ms: cpu * 13.8 + wait + 1.3,
              costPerMillion: (cpu * 14 + wait) * 0.0021 + 0.2,
              costShare: (cpu * 14 + wait) / total,
              coldShare: name === "analyzeSensor" ? 0.02 : 0.08,
            }
          : {},
      ),
    ),
    measured ? { latencyP50Ms: 287, costPerMillion: 24.31 } : {},
  );
  return state(tasks, calls, current, {
    app: "iot",
    ...(suggestion
      ? {
          suggestion: {
            setup: iotSuggested(),
            title: "Inline checkSensor and storeEvent into analyzeSensor, and detectJam into checkAir; give both more memory.",
            reasons: [
              "analyzeSensor pays $0.24 per million for waiting on two functions.",
              "At 1769 MB detectJam runs 13 times as fast for the same price.",
            ],
            expected: { latencyP50Ms: 61.4, costPerMillion: 16.84 },
            current: { latencyP50Ms: 287, costPerMillion: 24.31 },
          },
        }
      : {}),
    front: measured ? frontOf(current) : [],
    run: { state: "stopped", ...(measured ? { measured: "120 requests" } : {}) },
  });
}

/** The iot app after the suggestion was accepted and measured. */
export function iotFused(): PanelState {
  const before = iot({ suggestion: false });
  const numbers: Record<string, Partial<FunctionView>> = {
    analyzeSensor: { p50Ms: 53.2, costPerMillion: 0.81, costShare: 0.07, coldShare: 0.02 },
    checkTemperature: { p50Ms: 104, costPerMillion: 4.9, costShare: 0.29, coldShare: 0.05 },
    checkSound: { p50Ms: 131, costPerMillion: 0.92, costShare: 0.05 },
    checkAir: { p50Ms: 188, costPerMillion: 9.7, costShare: 0.56, coldShare: 0.05 },
    actionSignage: { costPerMillion: 0, costShare: 0 },
  };
  const fused = iotSuggested();
  return {
    ...before,
    revision: 2,
    setup: {
      ...fused,
      latencyP50Ms: 58.3,
      costPerMillion: 16.33,
      functions: fused.functions.map((each) => ({ ...each, ...numbers[each.root] })),
    },
  };
}

function frontOf(current: SetupView): PanelState["front"] {
  const ledger = (compute: number, twice: number) => [
    { term: "own compute", perMillion: compute },
    { term: "paid twice", perMillion: twice },
    { term: "request fees", perMillion: 1.2 },
    { term: "cold starts", perMillion: 0.4 },
  ];
  const point = (
    id: string,
    latencyMs: number,
    costPerMillion: number,
    extra: Partial<PanelState["front"][number]> = {},
  ): PanelState["front"][number] => ({
    setup: { ...iotSuggested(), id },
    latencyMs,
    costPerMillion,
    measured: false,
    dominated: false,
    current: false,
    labels: [],
    ledger: ledger(costPerMillion * 0.8, costPerMillion * 0.1),
    ...extra,
  });
  const dominated = Array.from({ length: 60 }, (_, index) => {
    const spread = (index * 37) % 60;
    return point(`d${index}`, 75 + spread * 9 + (index % 7) * 11, 16.5 + ((index * 17) % 41) * 0.6, { dominated: true });
  });
  return [
    ...dominated,
    point("p0", 49.5, 31.2, { labels: ["fastest"] }),
    point("p1", 52.1, 22.9),
    point("s-3f9a", 61.4, 16.84, { labels: ["knee", "suggested"] }),
    point("p3", 92, 14.1),
    point("p4", 166, 13.2, { labels: ["cheapest"] }),
    point("m1", 78, 18.6, { measured: true, dominated: true, latencyInterval: [74, 84], costInterval: [18.1, 19.2] }),
    {
      ...point("base", 287, 24.31, { measured: true, dominated: true, latencyInterval: [271, 306], costInterval: [23.6, 25.1] }),
      setup: current,
      current: true,
    },
  ];
}

export function tree(): PanelState {
  const names = ["A", "B", "C", "D", "E", "F", "G"];
  const calls: [string, string, Kind][] = [
    ["A", "C", "async"],
    ["A", "B", "sync"],
    ["B", "D", "sync"],
    ["D", "E", "sync"],
    ["C", "F", "async"],
    ["C", "G", "async"],
  ];
  const tasks = names.map((name) =>
    task(name, {
      entry: name === "A",
      ownCpuMs: "CFG".includes(name) ? 190 : 1,
      ownWaitMs: "BDE".includes(name) ? 500 : 0.2,
      p50Ms: 510,
      samples: 4,
    }),
  );
  return state(
    tasks,
    calls.map(([from, to, kind]) =>
      call(from, to, kind, { perRequest: 1, hopMs: 14, ...(kind === "sync" ? { doubleBilledPerMillion: 1.1 } : {}) }),
    ),
    setup(
      "base",
      names.map((name) => fn(name, 128, { p50Ms: 512, costPerMillion: 1.4, costShare: 1 / 7 })),
    ),
    { app: "tree" },
  );
}

/** One cold request to the iot app under its suggested setup, as far as analyzeSensor, checkAir and checkSound. */
export function iotTrace(): NonNullable<PanelState["trace"]> {
  return {
    trace: "8f3ac1d09b7e4a55",
    durationMs: 412,
    lanes: [
      {
        function: "analyzeSensor",
        instance: "i-71c2",
        memory: 512,
        startMs: 0,
        durationMs: 96,
        initMs: 118,
        spans: [
          {
            id: "a0",
            task: "analyzeSensor",
            kind: "entry",
            mode: "inline",
            startMs: 0,
            durationMs: 96,
            cpuMs: 9,
            logs: ["reading 17 of sensor 42", "verdict ok"],
          },
          { id: "a1", parent: "a0", task: "checkSensor", kind: "sync", mode: "inline", startMs: 2, durationMs: 3, cpuMs: 2 },
          { id: "a2", parent: "a0", task: "storeEvent", kind: "sync", mode: "inline", startMs: 6, durationMs: 42, cpuMs: 4 },
          { id: "a3", parent: "a0", task: "checkSound", kind: "async", mode: "remote", startMs: 50, durationMs: 14 },
          { id: "a4", parent: "a0", task: "checkAir", kind: "async", mode: "remote", startMs: 50, durationMs: 15 },
        ],
      },
      {
        function: "checkAir",
        instance: "i-2210",
        memory: 1769,
        startMs: 180,
        durationMs: 232,
        initMs: 110,
        spans: [
          { id: "b0", parent: "a4", task: "checkAir", kind: "entry", mode: "inline", startMs: 180, durationMs: 232, cpuMs: 96 },
          { id: "b1", parent: "b0", task: "detectJam", kind: "sync", mode: "remote", startMs: 184, durationMs: 205 },
        ],
      },
      {
        function: "detectJam",
        instance: "i-9e01",
        memory: 1769,
        startMs: 196,
        durationMs: 188,
        spans: [
          { id: "c0", parent: "b1", task: "detectJam", kind: "entry", mode: "inline", startMs: 196, durationMs: 188, cpuMs: 171 },
        ],
      },
      {
        function: "checkSound",
        instance: "i-5b3d",
        memory: 256,
        startMs: 78,
        durationMs: 131,
        spans: [
          {
            id: "d0",
            parent: "a3",
            task: "checkSound",
            kind: "entry",
            mode: "inline",
            startMs: 78,
            durationMs: 131,
            cpuMs: 12,
            error: "ConditionalCheckFailed",
          },
          { id: "d1", parent: "d0", task: "soundTooLoud", kind: "sync", mode: "inline", startMs: 80, durationMs: 90, cpuMs: 5 },
          {
            id: "d2",
            parent: "d0",
            task: "soundAccident",
            kind: "sync",
            mode: "inline",
            startMs: 80,
            durationMs: 128,
            cpuMs: 4,
            error: "ConditionalCheckFailed",
            logs: ["ConditionalCheckFailed: The conditional request failed"],
          },
        ],
      },
    ],
  };
}
