/** The emulator's own endpoints beyond AWS's APIs: instances, and making the next request cold. */
import { setTimeout as delay } from "node:timers/promises";
import type { InstanceView } from "./types.ts";

/** Between two looks at what still runs, ms. */
const SETTLED_LOOK_MS = 20;

export interface EmulatorState {
  functions: { name: string; instances: InstanceView[] }[];
  /** Asynchronous events accepted and not yet handled. */
  pendingEvents?: number;
}

export interface EmulatorApi {
  state(): Promise<EmulatorState>;
  /** Resolves when no instance is busy and no accepted event is left. */
  settled(signal?: AbortSignal): Promise<void>;
  /** Retires idle instances, of all functions or of those named: the next request of each is cold. */
  reset(functions?: string[]): Promise<void>;
}

export function emulatorApi(endpoint: string): EmulatorApi {
  const call = async (method: string, path: string, body: unknown = {}): Promise<unknown> => {
    const response = await fetch(`${endpoint}/_emulator/${path}`, {
      method,
      ...(method === "POST" && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    if (!response.ok) throw new Error(`${method} /_emulator/${path} answered ${response.status}: ${await response.text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  };
  const state = async (): Promise<EmulatorState> => {
    const { functions, queuedEvents } = (await call("GET", "state")) as EmulatorState & { queuedEvents: number };
    return { functions, pendingEvents: queuedEvents };
  };
  return {
    state,
    async settled(signal) {
      for (;;) {
        signal?.throwIfAborted();
        const { functions, pendingEvents = 0 } = await state();
        const busy = functions.some(({ instances }) => instances.some((one) => one.state === "busy" || one.state === "starting"));
        if (!busy && pendingEvents === 0) return;
        await delay(SETTLED_LOOK_MS);
      }
    },
    reset: async (functions) => void (await call("POST", "reset-instances", functions ? { functions } : {})),
  };
}
