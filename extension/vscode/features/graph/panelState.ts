/** What the panel shows, worked out from what is known about an app. Pure. */
import type { App, InstanceView } from "../../../application/types.ts";
import type { Measurement } from "../../../core/measurement.ts";
import { resolveSetup } from "../../../core/resolve.ts";
import { setupId } from "../../../core/setup-id.ts";
import { notation } from "../../../core/setup-notation.ts";
import type { FusionSetup } from "../../../core/setup.ts";
import type { CallView, FunctionView, PanelState, SetupView, TaskView, TraceView } from "../../../../webview/protocol.ts";
import type { FrontPoint } from "../../../optimizer/types.ts";
import type { RequestSummary } from "../../model/requests.ts";
import type { OpenSuggestion } from "../../model/suggestion.ts";
import { constraintsOf } from "./constraints.ts";
import { frontPoints } from "./front.ts";

export interface Known {
  app: App;
  /** Newest first. */
  measurements: readonly Measurement[];
  suggestion: OpenSuggestion | undefined;
  /** What the optimizer predicts, absent before the first search. */
  front?: readonly FrontPoint[];
  instances: Readonly<Record<string, InstanceView[]>>;
  run: { state: "stopped" | "starting" | "running" | "stopping"; message?: string };
  /** The request that was asked for. */
  trace?: TraceView | undefined;
  /** Slowest first. */
  traces?: readonly RequestSummary[];
}

/** Requests offered for a choice: those at the percentiles are always among them. */
const mostTraces = 200;

export function panelState(known: Known, revision: number): PanelState {
  const { app, measurements, suggestion, front = [], instances, run, trace, traces = [] } = known;
  const current = measurements.find((measurement) => measurement.setupId === app.setupId);
  return {
    revision,
    app: app.config?.app ?? "",
    tasks: taskViews(app, current),
    calls: callViews(app, current),
    setup: setupView(app, app.setup, current, instances),
    ...(suggestion && {
      suggestion: {
        setup: setupView(app, suggestion.setup),
        title: suggestion.title,
        reasons: suggestion.reasons,
        expected: numbers(suggestion.expected),
        current: numbers(suggestion.current),
      },
    }),
    front: frontPoints(app, measurements, front, suggestion),
    ...(trace && { trace }),
    ...(traces.length > 0 && { traces: traces.filter(({ rank }, at) => rank !== undefined || at < mostTraces - 4) }),
    diagnostics: app.diagnostics.map(({ severity, message, file, line }) => ({ severity, message, file, line })),
    run: { ...run, ...(current && { measured: current.at }) },
  };
}

const numbers = (evaluation: { latency: { p50: number }; costPerMillion: number }) => ({
  latencyP50Ms: evaluation.latency.p50,
  costPerMillion: evaluation.costPerMillion,
});

function taskViews(app: App, current: Measurement | undefined): TaskView[] {
  const measured = new Map(current?.tasks.map((task) => [task.task, task]));
  return app.graph.tasks.map(({ name, file, line, entry }) => {
    const task = measured.get(name);
    const constraints = constraintsOf(name, app.config?.constraints ?? {});
    const known = { name, file, line, entry, ...(constraints.length > 0 && { constraints }) };
    if (!task) return known;
    return {
      ...known,
      ownCpuMs: task.ownCpu,
      ownWaitMs: task.ownWait,
      p50Ms: task.duration.p50,
      p95Ms: task.duration.p95,
      runsPerRequest: task.perRequest,
      errors: task.errors,
      samples: task.samples,
    };
  });
}

/** One view per place in the source; the measurement knows calls only by their two tasks and kind. */
function callViews(app: App, current: Measurement | undefined): CallView[] {
  const tasks = new Map(app.graph.tasks.map((task) => [task.name, task]));
  const known = new Set(app.graph.calls.map(({ from, to, kind }) => `${from} ${to} ${kind}`));
  const ran = new Set(current?.tasks.filter(({ samples }) => samples > 0).map(({ task }) => task));
  const found = app.graph.calls.map(({ from, to, kind, file, line }): CallView => {
    const same = current?.calls.filter((call) => call.from === from && call.to === to && call.kind === kind);
    // A task in several functions makes the same call inline in one and remote in another: the remote one costs.
    const measured = same?.find((call) => call.mode === "remote") ?? same?.[0];
    return {
      from,
      to,
      kind,
      file,
      line,
      ...(measured && { perRequest: measured.perRequest }),
      ...(measured?.hop !== undefined && { hopMs: measured.hop }),
      ...(measured?.doubleBilled !== undefined && { doubleBilledPerMillion: measured.doubleBilled }),
      ...(!measured && ran.has(from) && { evidence: "unseen" as const }),
    };
  });
  const observed = (current?.calls ?? []).flatMap(({ from, to, kind, perRequest }): CallView[] => {
    const caller = tasks.get(from);
    if (!caller || !tasks.has(to) || known.has(`${from} ${to} ${kind}`)) return [];
    known.add(`${from} ${to} ${kind}`);
    return [{ from, to, kind, file: caller.file, line: caller.line, perRequest, evidence: "observed" }];
  });
  return [...found, ...observed];
}

export function setupView(
  app: App,
  setup: FusionSetup,
  measured?: Measurement,
  instances: Readonly<Record<string, InstanceView[]>> = {},
): SetupView {
  const resolved = resolveSetup(app.graph, setup, app.config?.constraints);
  const functions = resolved.map((resolvedFunction): FunctionView => {
    const { root, memory, tasks, inline, inlineAsync } = resolvedFunction;
    const statistics = measured?.functions.find((candidate) => candidate.root === root);
    const running = instances[root];
    return {
      root,
      memory,
      tasks,
      inline,
      inlineAsync,
      ...(statistics && {
        p50Ms: statistics.duration.p50,
        costPerMillion: statistics.costPerMillion,
        costShare: measured && measured.costPerMillion > 0 ? Math.min(1, statistics.costPerMillion / measured.costPerMillion) : 0,
        coldShare: statistics.invocations > 0 ? statistics.coldStarts / statistics.invocations : 0,
      }),
      ...(running && { instances: running.length, busy: running.filter(({ state }) => state === "busy").length }),
    };
  });
  return {
    id: setupId(setup),
    notation: notation(resolved),
    functions,
    ...(measured && { latencyP50Ms: measured.latency.p50, costPerMillion: measured.costPerMillion }),
  };
}
