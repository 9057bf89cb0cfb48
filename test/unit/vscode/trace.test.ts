import { describe, expect, it, vi } from "vitest";
import type { InvocationRecord, Span } from "../../../extension/core/record.ts";
import { linesOf } from "../../../extension/monitoring/request-lines.ts";
import { buildTraces } from "../../../extension/monitoring/traces.ts";
import { traceView } from "../../../extension/vscode/model/traceView.ts";
import { validateToWebview } from "../../../webview/validate.ts";

vi.mock("vscode", () => ({}));
const { summarise } = await import("../../../extension/vscode/model/requests.ts");
const { requestIds } = await import("../../../extension/vscode/features/trace/links.ts");

const span = (id: string, task: string, start: number, duration: number, more: Partial<Span> = {}): Span => ({
  id,
  task,
  kind: "sync",
  mode: "inline",
  start,
  duration,
  cpu: [0, duration / 2],
  in: 2,
  out: 2,
  ...more,
});

const record = (name: string, start: number, spans: Span[], more: Partial<InvocationRecord> = {}): InvocationRecord => ({
  fusionize: 1,
  trace: "t",
  setup: "s",
  function: name,
  request: `request-${name}`,
  instance: `instance-${name}`,
  sequence: 1,
  memory: 128,
  cold: false,
  invoked: "unknown",
  start,
  duration: spans[0]?.duration ?? 0,
  cpu: 1,
  spans,
  ...more,
});

/** `a` runs `b` inline, waits for `c` behind the platform, and sends an event to `d`. */
const records = (clock = { c: 0, d: 0 }) => [
  record("a", 1_000, [
    span("a0", "a", 0, 100, { kind: "entry" }),
    span("a1", "b", 10, 20, { parent: "a0", caller: "a" }),
    span("a2", "c", 40, 50, { parent: "a0", caller: "a", mode: "remote" }),
    span("a3", "d", 92, 4, { parent: "a0", caller: "a", mode: "remote", kind: "async" }),
  ]),
  record("c", 1_045 + clock.c, [span("c0", "c", 0, 40, { kind: "entry" })], { invoked: "sync", parent: "a2" }),
  record("d", 1_099 + clock.d, [span("d0", "d", 0, 30, { kind: "entry", error: "TypeError" })], {
    invoked: "async",
    parent: "a3",
    cold: true,
    init: 80,
  }),
];
const view = (clock?: { c: number; d: number }) => traceView(buildTraces(records(clock), [])[0]!);

describe("a trace as the panel draws it", () => {
  it("has a lane for each instance, with the caller's span as parent of a function's run", () => {
    const { durationMs, lanes } = view();
    expect(durationMs).toBe(100);
    expect(lanes.map((lane) => [lane.function, lane.startMs, lane.durationMs, lane.initMs])).toEqual([
      ["a", 0, 100, undefined],
      ["c", 45, 40, undefined],
      ["d", 99, 30, 80],
    ]);
    expect(lanes[1]?.spans[0]).toMatchObject({ id: "c0", parent: "a2", task: "c", startMs: 45, cpuMs: 20 });
    expect(lanes[0]?.spans.find(({ id }) => id === "a2")?.cpuMs, "waiting uses no CPU of the caller's").toBeUndefined();
    expect(lanes[2]?.spans[0]?.error).toBe("TypeError");
  });

  it("is accepted by the page", () => {
    const state = { revision: 1, app: "x", tasks: [], calls: [], setup: { id: "s", notation: "", functions: [] }, front: [] };
    const message = { type: "state", state: { ...state, diagnostics: [], run: { state: "stopped" }, trace: view() } };
    expect(validateToWebview(message)).toMatchObject({ ok: true });
  });

  it.each([
    [{ c: -5_000, d: -5_000 }, 40, 92],
    [{ c: 5_000, d: 0 }, 50, 99],
  ])("keeps a callee inside its caller's wait, whatever its own clock says: %o", (clock, c, d) => {
    const { lanes } = view(clock);
    expect(lanes.find((lane) => lane.function === "c")?.startMs).toBe(c);
    expect(lanes.find((lane) => lane.function === "d")?.startMs).toBe(d);
  });

  it("puts several requests of one instance into one lane", () => {
    const again = record("c", 1_120, [span("c9", "c", 0, 5, { kind: "entry" })], { request: "again", sequence: 2 });
    const [trace] = buildTraces([...records(), again], []);
    const lane = traceView(trace!).lanes.find((each) => each.function === "c");
    expect(lane?.spans.map(({ id }) => id)).toEqual(["c0", "c9"]);
    expect(lane?.durationMs).toBe(80);
  });

  it("survives records that name each other as callers", () => {
    const looped = [
      record("a", 1_000, [span("a0", "a", 0, 10, { kind: "entry" }), span("a1", "c", 1, 5, { mode: "remote" })], {
        parent: "c1",
      }),
      record("c", 1_002, [span("c0", "c", 0, 4, { kind: "entry" }), span("c1", "a", 1, 2, { mode: "remote" })], { parent: "a1" }),
    ];
    expect(traceView(buildTraces(looped, [])[0]!).lanes).toHaveLength(2);
  });

  it("gives each printed line to the task that ran, and to the caller where two ran at once", () => {
    const [trace] = buildTraces(
      [
        record("a", 1_000, [
          span("a0", "a", 0, 100, { kind: "entry" }),
          span("a1", "b", 10, 30, { parent: "a0" }),
          span("a2", "c", 30, 30, { parent: "a0" }),
        ]),
      ],
      [],
    );
    const lines = [1_005, 1_015, 1_035, 1_050, 1_090].map((at) => ({ at, text: `at ${at}` }));
    const { spans } = traceView(trace!, new Map([["request-a", lines]])).lanes[0]!;
    expect(Object.fromEntries(spans.map(({ task, logs }) => [task, logs]))).toEqual({
      a: ["at 1005", "at 1035", "at 1090"],
      b: ["at 1015"],
      c: ["at 1050"],
    });
  });
});

describe("lines of a request", () => {
  const event = (logStreamName: string, message: string, timestamp = 1) => ({ logStreamName, message, timestamp });

  it("are those of its instance between START and END, without the platform's and ours", () => {
    const events = [
      event("1", "START RequestId: r1 Version: 3\n"),
      event("2", "START RequestId: r2 Version: 3\n"),
      event("1", "2026-01-01T00:00:00.000Z\tr1\tINFO\thello\n", 5),
      event("2", "other\n"),
      event("1", "raw\n", 6),
      event("1", '{"fusionize":1,"trace":"t"}\n'),
      event("1", "END RequestId: r1\n"),
      event("1", "REPORT RequestId: r1\tDuration: 1 ms\n"),
      event("1", "after\n"),
    ];
    expect(linesOf(events, "r1")).toEqual([
      { at: 5, text: "INFO hello" },
      { at: 6, text: "raw" },
    ]);
  });

  it("are found in JSON logs too", () => {
    const events = [
      event("1", '{"time":"x","type":"platform.start","record":{"requestId":"r1"}}'),
      event("1", '{"level":"INFO","requestId":"r1","message":"hello"}'),
      event("1", '{"time":"x","type":"platform.report","record":{"requestId":"r1"}}'),
      event("1", "after"),
    ];
    expect(linesOf(events, "r1").map(({ text }) => text)).toEqual(['{"level":"INFO","requestId":"r1","message":"hello"}']);
  });
});

describe("requests by duration", () => {
  it("are listed slowest first, the usual percentiles marked by nearest rank", () => {
    const many = Array.from({ length: 100 }, (_, at) =>
      record("a", 1_000 + at, [span(`a${at}`, "a", 0, at + 1, { kind: "entry" })], { trace: `t${at + 1}`, request: `r${at}` }),
    );
    const ranked = summarise(buildTraces(many, [])).filter(({ rank }) => rank);
    expect(ranked.map(({ rank, durationMs }) => [rank, durationMs])).toEqual([
      ["slowest", 100],
      ["p99", 99],
      ["p95", 95],
      ["p50", 50],
    ]);
  });

  it("knows a single one only as the slowest", () => {
    expect(summarise(buildTraces(records(), [])).map(({ rank, cold, error }) => ({ rank, cold, error }))).toEqual([
      { rank: "slowest", cold: true, error: true },
    ]);
  });
});

describe("ids in the log", () => {
  it("are found in the platform's lines, the runtime's columns and ours", () => {
    const id = "8f5a1c1e-1111-4222-8333-444455556666";
    const trace = "0123456789abcdef0123456789abcdef";
    const text = [
      `START RequestId: ${id} Version: 1`,
      `2026-01-01T00:00:00.000Z\t${id}\tINFO\thello ${id}`,
      `// checkout succeeded in 12 ms, trace ${trace}`,
      `{"fusionize":1,"trace":"${trace}"}`,
      `{"level":"INFO","requestId":"${id}"}`,
    ].join("\n");
    const found = requestIds(text);
    expect(found.map((each) => each.id)).toEqual([id, id, trace, trace, id]);
    for (const each of found) expect(text.slice(each.offset).startsWith(each.id)).toBe(true);
  });
});
