/** Where the semantics tests run an app: the emulator, or a platform inside the test's own process. */
import type { InvocationRecord } from "../../../extension/core/record.ts";
import type { FusionSetup } from "../../../extension/core/setup.ts";

export interface Variant {
  /** For the message of a failing test. */
  name: string;
  setup: FusionSetup;
  /** Asynchronous callees that may be inlined also where the origin is synchronous. */
  lossTolerated: string[];
}

export interface Answer {
  /** JSON text of result or error. */
  payload: string;
  failed: boolean;
}

export interface Platform {
  deploy(variant: Variant): Promise<void>;
  invoke(task: string, event: unknown): Promise<Answer>;
  /** Waits until every accepted event has been handled; then: the records since the last call. */
  settled(): Promise<InvocationRecord[]>;
  close(): Promise<void>;
}
