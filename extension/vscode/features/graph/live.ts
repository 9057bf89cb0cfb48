/** Turns two looks at the running instances into what happened between them. Pure. */
import type { InstanceView } from "../../../application/types.ts";
import type { ToWebview } from "../../../../webview/protocol.ts";

type Live = Extract<ToWebview, { type: "live" }>;
type Instances = Readonly<Record<string, readonly InstanceView[]>>;

/** Pulses of one function in one message: more look the same. */
const mostPulses = 20;

export class LiveActivity {
  #requests = new Map<string, number>();

  /** Invocations since the last call. The duration is known of an instance's last one only; of others it is 0. */
  since(now: Instances): Live {
    const invocations: Live["invocations"] = [];
    const seen = new Map<string, number>();
    for (const [root, instances] of Object.entries(now)) {
      for (const { id, requests, state, lastDurationMs = 0 } of instances) {
        const before = this.#requests.get(id);
        seen.set(id, requests);
        const count = Math.min(mostPulses, requests - (before ?? 0));
        // The first request of an instance that was not there before is its cold start.
        for (let at = 0; at < count; at += 1) {
          const last = at === count - 1 && state !== "busy";
          const cold = before === undefined && at === 0;
          invocations.push({ function: root, cold, durationMs: last ? lastDurationMs : 0 });
        }
      }
    }
    this.#requests = seen;
    const instances = Object.entries(now).map(([root, list]) => ({
      function: root,
      total: list.length,
      busy: list.filter(({ state }) => state === "busy").length,
    }));
    return { type: "live", invocations, instances };
  }
}
