import { calibration } from "../calibration.ts";
import type { Registry } from "./registry.ts";
import { tooManyRequests } from "./errors.ts";
import type { FunctionRecord } from "./model.ts";

interface Bucket {
  tokens: number;
  at: number;
}

/** Counts requests in flight against the reserved concurrency of a function and the unreserved rest of the account. */
export class ConcurrencyGate {
  private readonly registry: Registry;
  private readonly account: number;
  private readonly inFlight = new Map<string, number>();
  private readonly scaling = new Map<string, Bucket>();
  private readonly requests = new Map<string, Bucket>();
  private readonly now: () => number;

  /** `now` in milliseconds. */
  constructor(registry: Registry, account: number, now: () => number = () => performance.now()) {
    this.registry = registry;
    this.account = account;
    this.now = now;
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
    if (!take(this.scaling, name, calibration.scalingPer10s, calibration.scalingPer10s / 10, this.now()))
      throw tooManyRequests("ConcurrentInvocationLimitExceeded");
  }

  /** Takes one of the ten synchronous requests a second that each unit of concurrency allows, or throws. Concurrency 0 is refused on its own. */
  rate(record: FunctionRecord): void {
    const units = record.reserved ?? Math.max(1, this.unreserved());
    if (units === 0) return;
    const perSecond = units * calibration.requestsPerConcurrency;
    // Functions without a reservation draw on one common rate.
    const key = record.reserved === undefined ? "" : record.name;
    if (take(this.requests, key, perSecond, perSecond, this.now())) return;
    throw tooManyRequests(
      record.reserved === undefined ? "FunctionInvocationRateLimitExceeded" : "ReservedFunctionInvocationRateLimitExceeded",
    );
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

/** Takes a token from a bucket that holds `most` and fills by `perSecond` all the time; false when there is none. */
function take(buckets: Map<string, Bucket>, key: string, most: number, perSecond: number, now: number): boolean {
  const bucket = buckets.get(key) ?? { tokens: most, at: now };
  bucket.tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
  bucket.at = now;
  buckets.set(key, bucket);
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}
