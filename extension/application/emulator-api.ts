/** The emulator's own endpoints beyond AWS's APIs: instances, and making the next request cold. */
import type { InstanceView } from "./types.ts";

export interface EmulatorState {
  functions: { name: string; instances: InstanceView[] }[];
  /** Asynchronous events accepted and not yet handled. */
  pendingEvents?: number;
}

export interface EmulatorApi {
  state(): Promise<EmulatorState>;
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
  return {
    async state() {
      const { functions, queuedEvents } = (await call("GET", "state")) as EmulatorState & { queuedEvents: number };
      return { functions, pendingEvents: queuedEvents };
    },
    reset: async (functions) => void (await call("POST", "reset-instances", functions ? { functions } : {})),
  };
}
