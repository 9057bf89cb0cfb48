import type { CallGraph } from "../core/graph.ts";
import type { Constraints } from "../core/setup.ts";
import type { ApplicationProfile } from "../optimizer/profile.ts";
import type { Prices } from "./prices.ts";
import type { Trace } from "./traces.ts";

export interface ProfileOptions {
  /** Tasks that never ran are part of the profile too, with an empty program. */
  graph?: CallGraph;
  constraints?: Constraints & { latency?: { mean?: number; p50?: number; p95?: number } };
  prices?: Prices;
  /** ms per root request as the client saw them, to learn what lies between client and root function. */
  clientLatencies?: readonly number[];
  memorySizes?: readonly number[];
}

export interface ProfileResult {
  profile: ApplicationProfile;
  /** One sentence each: what was assumed, what these records cannot tell apart, what is missing. */
  notes: string[];
  /** Half width of the 90 % interval relative to the value, per task: own CPU and own wall time. */
  uncertainty: Record<string, { cpu: number; wall: number; samples: number }>;
}

/** Throws `UserError("nothing-measured")` when no trace has a root record. */
export function profileFrom(_traces: readonly Trace[], _options: ProfileOptions = {}): ProfileResult {
  throw new Error("not yet");
}
