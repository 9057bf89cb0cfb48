import { calibration } from "../calibration.ts";
import type { Registry } from "./registry.ts";
import { tooManyRequests } from "./errors.ts";
import type { FunctionRecord } from "./model.ts";

/** Counts requests in flight against the reserved concurrency of a function and the unreserved rest of the account. */
export class ConcurrencyGate {
  private readonly registry: Registry;
  private readonly account: number;
  private readonly inFlight = new Map<string, number>();
  private readonly scaling = new Map<string, { tokens: number; at: number }>();

  constructor(registry: Registry, account: number) {
    this.registry = registry;
    this.account = account;
  }

  /** Admits one request, or throws TooManyRequestsException with its reason. Every admitted one must `leave`. */
  enter(record: FunctionRecord): void {
    const own = this.inFlight.get(record.name) ?? 0;
    if (record.reserved !== undefined) {
      if (own >= record.reserved) throw tooManyRequests("ReservedFunctionConcurrentInvocationLimitExceeded");
    } else if (this.unreservedInFlight() >= this.unreserved()) throw tooManyRequests("ConcurrentInvocationLimitExceeded");
    this.inFlight.set(record.name, own + 1);
  }

  leave(name: string): void {
    const own = (this.inFlight.get(name) ?? 1) - 1;
    if (own > 0) this.inFlight.set(name, own);
    else this.inFlight.delete(name);
  }

  /** Takes one of the thousand new instances a function may get in ten seconds, or throws. */
  scale(name: string): void {
    const now = performance.now();
    const most = calibration.scalingPer10s;
    const bucket = this.scaling.get(name) ?? { tokens: most, at: now };
    bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 10_000) * most);
    bucket.at = now;
    this.scaling.set(name, bucket);
    if (bucket.tokens < 1) throw tooManyRequests("ConcurrentInvocationLimitExceeded");
    bucket.tokens--;
  }

  /** Concurrency that no function has reserved. */
  unreserved(without?: string): number {
    let rest = this.account;
    for (const record of this.registry.list()) if (record.name !== without) rest -= record.reserved ?? 0;
    return rest;
  }

  private unreservedInFlight(): number {
    let total = 0;
    for (const [name, count] of this.inFlight) if (this.registry.find(name)?.reserved === undefined) total += count;
    return total;
  }
}
