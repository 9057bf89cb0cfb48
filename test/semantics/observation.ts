/** What can be seen of an app from outside while it answers requests, in a form that two setups can be compared by. */
import type { InvocationRecord } from "../../extension/core/record.ts";
import type { Answer, Platform, Variant } from "./platform/platform.ts";
import { contradictions } from "./contradictions.ts";

export interface Request {
  task: string;
  event: unknown;
}

/** Effects outside the app since the last call, in an order of their own. */
export type TakeEffects = () => unknown;

export interface Observation {
  task: string;
  answer: unknown;
  effects: unknown;
  /** `caller → task kind` of every call, with how often it was made. */
  calls: [string, number][];
  /** What the records say against each other or against the setup. */
  contradictions: string[];
}

/** Sends the requests one after another, each when everything that the one before caused has ended. */
export async function observe(
  platform: Platform,
  variant: Variant,
  requests: readonly Request[],
  takeEffects: TakeEffects,
): Promise<Observation[]> {
  await platform.deploy(variant);
  const seen: Observation[] = [];
  for (const { task, event } of requests) {
    const answer = await platform.invoke(task, event);
    const records = await platform.settled();
    const calls = callsOf(records);
    seen.push({
      task,
      answer: plain(answer),
      effects: await takeEffects(),
      calls,
      contradictions: contradictions(records, variant),
    });
  }
  return seen;
}

/** Without what differs from run to run: request ids; and stacks, which no calling task gets. */
function plain({ payload, failed }: Answer): unknown {
  const value = JSON.parse(payload.replaceAll(/RequestId: [0-9a-f-]{36}/g, "RequestId: …")) as Record<string, unknown>;
  return failed ? { errorType: value["errorType"], errorMessage: value["errorMessage"] } : value;
}

function callsOf(records: readonly InvocationRecord[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { spans } of records) {
    for (const { caller, task, kind } of spans) {
      if (caller === undefined) continue;
      const call = `${caller} → ${task} ${kind}`;
      counts.set(call, (counts.get(call) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
