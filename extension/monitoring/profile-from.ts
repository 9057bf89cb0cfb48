import type { Constraints } from "../core/setup.ts";
import type { ApplicationProfile } from "../optimizer/profile.ts";
import type { Prices } from "./prices.ts";
import type { Trace } from "./traces.ts";

export interface ProfileOptions {
  constraints?: Constraints & { latency?: { mean?: number; p50?: number; p95?: number } };
  prices?: Prices;
  /** ms per root request as the client saw them, to learn what lies between client and root function. */
  clientLatencies?: readonly number[];
  memorySizes?: readonly number[];
}

/** Something about the profile that was assumed, or cannot be known from these records. */
export interface ProfileNote {
  /** `assumed`: a value was taken from elsewhere. `inseparable`: only a sum is known. `missing`: records lost. `few`: few samples. */
  kind: "assumed" | "inseparable" | "missing" | "few";
  message: string;
}

export interface ProfileResult {
  profile: ApplicationProfile;
  notes: ProfileNote[];
  /** Half width of the 90 % interval relative to the value, per task: own CPU and own wall time. */
  uncertainty: Record<string, { cpu: number; wall: number; samples: number }>;
}

/** Throws `UserError("nothing-measured")` when no trace has a root record. */
export function profileFrom(_traces: readonly Trace[], _options: ProfileOptions = {}): ProfileResult {
  throw new Error("not yet");
}
