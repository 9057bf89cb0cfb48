import { setTimeout as delay } from "node:timers/promises";
import type { Instance } from "../execution/instance.ts";
import type { Pool } from "../execution/pool.ts";
import type { Invocation, Outcome, Revision } from "../execution/revision.ts";
import type { EmulatorOptions } from "../options.ts";
import type { ConcurrencyGate } from "./concurrency.ts";
import { conflict } from "./errors.ts";
import { functionArn } from "./model.ts";
import type { FunctionRecord } from "./model.ts";
import type { Registry } from "./registry.ts";

/** Brings requests to instances: admission, the platform's waits, placement, and the instance's return. */
export class Invoker {
  readonly gate: ConcurrencyGate;
  private readonly registry: Registry;
  private readonly pool: Pool;
  private readonly options: EmulatorOptions;

  constructor(registry: Registry, pool: Pool, gate: ConcurrencyGate, options: EmulatorOptions) {
    this.registry = registry;
    this.pool = pool;
    this.gate = gate;
    this.options = options;
  }

  /**
   * Runs one request after `waitMs` of platform time; `onVersion` hears which version an alias' weights chose. Throws the service's error when it is not
   * admitted; a failing function is an outcome.
   */
  async run(
    record: FunctionRecord,
    qualifier: string | undefined,
    waitMs: number,
    request: Omit<Invocation, "arn">,
    onVersion?: (version: string) => void,
  ): Promise<Outcome> {
    if (record.latest.state === "Pending")
      throw conflict("The operation cannot be performed at this time. The function is currently in the following state: Pending");
    this.gate.enter(record);
    try {
      if (waitMs > 0) await delay(waitMs);
      const revision = this.registry.revision(record, this.registry.resolve(record, qualifier));
      onVersion?.(revision.version);
      const instance = this.pool.idle(revision) ?? (await this.place(record, revision));
      try {
        return await instance.run({ ...request, arn: functionArn(this.registry.place, record.name, qualifier) });
      } finally {
        this.pool.release(instance);
      }
    } finally {
      this.gate.leave(record.name);
    }
  }

  /** A synchronous request from outside: also counted against the rate of requests. */
  runSync(
    record: FunctionRecord,
    qualifier: string | undefined,
    request: Omit<Invocation, "arn">,
    onVersion?: (version: string) => void,
  ): Promise<Outcome> {
    if (this.options.fidelity === "aws") this.gate.rate(record);
    return this.run(record, qualifier, this.options.hopMs, request, onVersion);
  }

  private async place(record: FunctionRecord, revision: Revision): Promise<Instance> {
    this.gate.scale(record.name);
    if (this.options.coldStartMs > 0) await delay(this.options.coldStartMs);
    return this.pool.start(revision);
  }
}
