/** An app under a setup, request by request: instances by `process.ts`, records and reports as the handler and the platform write them. */
import type { InvocationRecord, Span } from "../../../../extension/core/record.ts";
import type { FusionSetup } from "../../../../extension/core/setup.ts";
import type { Report } from "../../../../extension/monitoring/index.ts";
import { mulberry32 } from "../../../../extension/optimizer/random.ts";
import type { ApplicationProfile, Step } from "../../../../extension/optimizer/index.ts";
import { runInstance, type Clock, type Need, type Process } from "./process.ts";

export interface Simulation {
  records: InvocationRecord[];
  reports: Report[];
  /** ms per root request, as the platform reports the root's duration. */
  latencies: number[];
  /** US dollars per root request. */
  cost: number;
}

export interface SimulationOptions {
  requests: number;
  seed: number;
  /** Standard deviation / mean of every burst and of every wait. */
  noise: { cpu: number; wait: number };
}

/** `app`: the truth, in the shape of a profile. Cold starts are left out. */
export function simulateApp(
  app: ApplicationProfile,
  setup: FusionSetup,
  { requests, seed, noise }: SimulationOptions,
): Simulation {
  const random = mulberry32(seed);
  const result: Simulation = { records: [], reports: [], latencies: [], cost: 0 };
  let ids = 0;
  let wall = 1_700_000_000_000;
  const vary = (value: number, spread: number): number => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return value * Math.max(0.2, 1 + spread * normal);
  };
  const { platform, prices } = app;

  const invoke = (root: string, trace: string, invoked: "sync" | "async" | "unknown", parent?: string): number => {
    const own = setup[root] ?? {};
    const memory = own.memory ?? 128;
    const clock: Clock = { now: 0, cpu: 0, main: 0 };
    const spans: Span[] = [];
    const begin = (task: string, kind: Span["kind"], mode: Span["mode"], caller?: Span): Span => {
      const span: Span = {
        id: `s${ids++}`,
        task,
        kind,
        mode,
        start: clock.now,
        duration: 0,
        cpu: [clock.cpu, 0],
        thread: [clock.main, 0],
        in: 10,
        out: 10,
        ...(caller && { parent: caller.id, caller: caller.task }),
      };
      spans.push(span);
      return span;
    };
    const end = (span: Span): void => {
      span.duration = clock.now - span.start;
      span.cpu[1] = clock.cpu;
      span.thread![1] = clock.main;
    };
    let spawn: (process: Process) => void;
    function* run(steps: readonly Step[], span: Span): Process {
      for (const step of steps) {
        if ("cpu" in step) {
          const work = vary(step.cpu, noise.cpu);
          yield step.threads === undefined ? { main: work } : { workers: work, threads: step.threads };
        } else if ("wait" in step) yield { sleep: vary(step.wait, noise.wait) };
        else if ("parallel" in step) yield { all: step.parallel.map((branch) => run(branch, span)) };
        else {
          const times = step.times ?? 1;
          const whole = Math.floor(times);
          const count = whole + (random() < times - whole ? 1 : 0);
          for (let i = 0; i < count; i++) yield* call(step.call, step.async ?? false, span);
        }
      }
    }
    function* call(task: string, async: boolean, caller: Span): Process {
      const listed = (async ? own.inlineAsync : own.inline)?.includes(task) ?? false;
      const inline = listed && (!async || invoked === "async");
      const span = begin(task, async ? "async" : "sync", inline ? "inline" : "remote", caller);
      if (inline && async) {
        spawn(inBackground(task, span));
        return;
      }
      if (inline) yield* run(app.tasks[task]!.program, span);
      else yield* remote(task, async, span);
      end(span);
    }
    function* inBackground(task: string, span: Span): Process {
      yield* run(app.tasks[task]!.program, span);
      end(span);
    }
    function* remote(task: string, async: boolean, span: Span): Generator<Need, void, void> {
      const hop = async ? platform.async : platform.sync;
      yield { main: vary(hop.cpuMs / 2, noise.cpu) };
      const answer = invoke(task, trace, async ? "async" : "sync", span.id);
      yield { sleep: vary(hop.waitMs, noise.wait) + (async ? 0 : answer) };
      yield { main: vary(hop.cpuMs / 2, noise.cpu) };
    }
    let handled = { duration: 0, cpu: 0 };
    function* handler(): Process {
      const span = begin(root, "entry", "inline");
      yield* run(app.tasks[root]!.program, span);
      end(span);
    }
    function* whole(): Process {
      yield { all: [handler()] };
    }
    const machine = {
      memory,
      periodMs: platform.cpuPeriodMs,
      mbPerVcpu: platform.mbPerVcpu,
      cores: 2,
      phase: random() * platform.cpuPeriodMs,
      used: { period: 0, amount: 0 },
    };
    runInstance(machine, clock, (start) => {
      spawn = start;
      return whole();
    });
    handled = { duration: clock.now, cpu: clock.cpu };
    function* leaving(): Process {
      yield { main: vary(platform.handler?.cpuMs ?? 0, noise.cpu) };
    }
    runInstance(machine, clock, () => leaving());
    const request = `r${ids++}`;
    const billed = Math.ceil(clock.now);
    result.records.push({
      fusionize: 1,
      trace,
      setup: "simulated",
      function: root,
      request,
      instance: `i-${root}`,
      sequence: 2,
      memory,
      cold: false,
      invoked,
      ...(parent !== undefined && { parent }),
      start: wall++,
      duration: handled.duration,
      cpu: handled.cpu,
      spans,
    });
    result.reports.push({ request, logGroup: root, timestamp: wall, duration: clock.now, billed, memory, maxMemoryUsed: 90 });
    result.cost += (prices.perRequest + (billed * memory * prices.perGbMs) / 1024) / requests;
    return clock.now;
  };

  for (let i = 0; i < requests; i++) result.latencies.push(invoke(app.entries[0]!.task, `t${i}`, "unknown"));
  return result;
}
