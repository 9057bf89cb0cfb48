/** Latency limits that a goal or a profile sets, ms. */
import type { Goal } from "../core/setup.ts";
import type { ApplicationProfile } from "./profile.ts";

export interface LatencyLimits {
  mean?: number;
  p50?: number;
  p95?: number;
}

export function limitsOf(goal: Goal, profile: ApplicationProfile): LatencyLimits | undefined {
  return (typeof goal === "object" ? goal.latency : undefined) ?? profile.constraints.latency;
}

export function meetsLimits(latency: { mean: number; p50: number; p95: number }, limits: LatencyLimits | undefined): boolean {
  const within = (value: number, limit: number | undefined) => limit === undefined || value <= limit;
  return within(latency.mean, limits?.mean) && within(latency.p50, limits?.p50) && within(latency.p95, limits?.p95);
}
