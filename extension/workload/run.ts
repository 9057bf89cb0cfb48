/** Sends root requests by a schedule, with cancel, and keeps what the client saw of each. */
import { setTimeout as delay } from "node:timers/promises";

export interface SentRequest {
  task: string;
  trace: string;
  /** ms as the client saw it. */
  latency: number;
  /** Name and message of the error, when it failed. */
  error?: string;
}

export interface WorkloadPlan {
  /** Send times in ms from the start; with `oneAtATime` only their number counts. */
  times: number[];
  events: { task: string; event: unknown }[];
  /** Sends the next request only when `settle` has finished for the last one. */
  oneAtATime?: { settle: () => Promise<void> };
  signal?: AbortSignal;
  onRequest?: (done: number, failed: number) => void;
}

export type Invoke = (task: string, event: unknown, trace: string) => Promise<{ error?: string }>;

/** Requests in flight at most: a system that no longer answers must not grow without bound. */
const MOST_IN_FLIGHT = 1000;

/**
 * @returns one entry for each request that was answered or failed; after cancelling, those that were finished by then.
 * @throws the signal's reason when cancelled.
 */
export async function runWorkload(plan: WorkloadPlan, invoke: Invoke, traceId: () => string): Promise<SentRequest[]> {
  const { times, events, signal, oneAtATime } = plan;
  const sent: SentRequest[] = [];
  const inFlight = new Set<Promise<void>>();
  let failed = 0;
  const began = performance.now();

  const request = async (index: number): Promise<void> => {
    const { task, event } = events[index % events.length]!;
    const trace = traceId();
    const start = performance.now();
    const entry: SentRequest = { task, trace, latency: 0 };
    try {
      const { error } = await invoke(task, event, trace);
      if (error) entry.error = error;
    } catch (error) {
      if (signal?.aborted) return;
      entry.error = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    entry.latency = performance.now() - start;
    if (entry.error) failed += 1;
    sent.push(entry);
    plan.onRequest?.(sent.length, failed);
  };

  for (let index = 0; index < times.length; index += 1) {
    signal?.throwIfAborted();
    if (oneAtATime) {
      await oneAtATime.settle();
      await request(index);
      continue;
    }
    const wait = began + times[index]! - performance.now();
    if (wait > 1) await delay(wait, undefined, signal ? { signal } : {});
    while (inFlight.size >= MOST_IN_FLIGHT) await Promise.race(inFlight);
    const running: Promise<void> = request(index).finally(() => inFlight.delete(running));
    inFlight.add(running);
  }
  await Promise.all(inFlight);
  signal?.throwIfAborted();
  return sent;
}
