/**
 * When to look at an app that runs as expected, and when to optimise again. While all is well it looks at few blocks of requests (continuous
 * sampling plan); a change that the control chart finds asks for a new round. It never changes anything, never looks while the user is at
 * work, and has one look under way at a time.
 */
import { FIRST_WATCH, looksAt, watch, DEFAULT_PLAN, type SamplingPlan, type WatchState } from "../../optimizer/decide/index.ts";

/** What one look saw: means of a block of requests. */
export interface Look {
  /** ms */
  latency: number;
  /** US dollars per root request. */
  cost: number;
  requests: number;
  /** The machine was saturated, or requests failed or left no record: the look counts for nothing. */
  void?: string;
}

/** What the app did when it was last measured in full: that is what looks are held against. */
export interface InControl {
  latency: number;
  cost: number;
  /** Standard deviation of ln(mean) of one block, of each. */
  deviation: { latency: number; cost: number };
}

export type SchedulerEvent =
  | { kind: "looked"; look: Look; phase: WatchState["sampling"]["phase"] }
  | { kind: "passed over" }
  /** The user works with the app, or too few requests came: asked again after the next pause. */
  | { kind: "put off"; reason: string }
  | { kind: "void"; reason: string }
  | { kind: "new round"; reason: string };

export interface SchedulerPorts {
  /** Resolves after a pause; rejects when the scheduler is stopped. */
  pause(signal: AbortSignal): Promise<void>;
  /** Why not now, if so: the user's own work goes first. */
  busy(): string | undefined;
  /** Undefined: too few requests came to say anything. Must give up when the signal fires. */
  look(signal: AbortSignal): Promise<Look | undefined>;
  /** Measures in full and optimises; what it finds is shown, never applied. The answer is what looks are held against from then on. */
  newRound(reason: string, signal: AbortSignal): Promise<InControl>;
  onEvent(event: SchedulerEvent): void;
}

export interface SchedulerOptions {
  inControl: InControl;
  plan?: SamplingPlan;
  signal: AbortSignal;
}

/** Void looks in a row from which the app is said to be measured under other conditions than before. */
const MOST_VOID = 10;

/** Runs until the signal fires; rejects with its reason, or with what a port throws. */
export async function runScheduler(
  ports: SchedulerPorts,
  { plan = DEFAULT_PLAN, signal, ...options }: SchedulerOptions,
): Promise<never> {
  let { inControl } = options;
  let state: WatchState = FIRST_WATCH;
  let voids = 0;
  for (;;) {
    // Timers reject with an error of their own; what ended the scheduler is the signal's reason.
    await ports.pause(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
    signal.throwIfAborted();
    const reason = ports.busy();
    if (reason !== undefined) {
      ports.onEvent({ kind: "put off", reason });
      continue;
    }
    if (!looksAt(state.sampling, plan)) {
      ({ state } = watch(state, undefined, plan));
      ports.onEvent({ kind: "passed over" });
      continue;
    }
    const look = await ports.look(signal);
    signal.throwIfAborted();
    if (!look) {
      ports.onEvent({ kind: "put off", reason: "too few requests came" });
      continue;
    }
    if (look.void !== undefined && ++voids < MOST_VOID) {
      ports.onEvent({ kind: "void", reason: look.void });
      continue;
    }
    const watched =
      look.void === undefined
        ? watch(state, against(look, inControl), plan)
        : { state: FIRST_WATCH, advice: "new round" as const, reason: `${MOST_VOID} looks in a row say nothing: ${look.void}` };
    voids = 0;
    ({ state } = watched);
    ports.onEvent({ kind: "looked", look, phase: state.sampling.phase });
    if (watched.advice !== "new round") continue;
    const why = watched.reason ?? "something has changed";
    ports.onEvent({ kind: "new round", reason: why });
    inControl = await ports.newRound(why, signal);
    state = FIRST_WATCH;
  }
}

function against(look: Look, { latency, cost, deviation }: InControl) {
  return {
    latency: { observed: look.latency, predicted: latency, deviation: deviation.latency },
    cost: { observed: look.cost, predicted: cost, deviation: deviation.cost },
  };
}
