/** The emulator in its fast mode, with the real bundler, deployer and log reader. */
import { setTimeout as delay } from "node:timers/promises";
import { emulatorApi } from "../../../extension/application/emulator-api.ts";
import { startLocal } from "../../../extension/application/local-run.ts";
import type { App, LocalRun } from "../../../extension/application/types.ts";
import type { InvocationRecord } from "../../../extension/core/record.ts";
import { collectRecords } from "../../../extension/monitoring/index.ts";
import type { Answer, Platform, Variant } from "./platform.ts";

/** A failed event is repeated after 60 ms, not after a minute. */
const emulatorArgs = ["--retry-scale", "0.001"];
/** ms until records of a request that are still missing count as lost. */
const RECORDS_LIMIT = 10_000;
const POLL = 10;

export class EmulatorPlatform implements Platform {
  readonly run: LocalRun;
  readonly #app: App;
  readonly #environment: Record<string, string>;
  #traces = new Set<string>();
  #from = Date.now();

  private constructor(app: App, run: LocalRun, environment: Record<string, string>) {
    this.#app = app;
    this.run = run;
    this.#environment = environment;
  }

  /** @param environment of every function. */
  static async start(app: App, environment: Record<string, string>): Promise<EmulatorPlatform> {
    return new EmulatorPlatform(app, await startLocal(app, { fidelity: "fast", forget: true, emulatorArgs }), environment);
  }

  async deploy({ setup, lossTolerated }: Variant): Promise<void> {
    const { config } = this.#app;
    if (!config) throw new Error("The app has no configuration.");
    const constraints = { ...config.constraints, lossTolerated };
    await this.run.deploy({ ...this.#app, config: { ...config, constraints, environment: this.#environment } }, { setup });
    this.#from = Date.now();
  }

  async invoke(task: string, event: unknown): Promise<Answer> {
    const { payload, functionError, trace } = await this.run.invoke(task, event);
    if (trace !== undefined) this.#traces.add(trace);
    return { payload, failed: functionError !== undefined };
  }

  async settled(): Promise<InvocationRecord[]> {
    const api = emulatorApi(this.run.endpoint);
    for (;;) {
      const { functions, pendingEvents = 0 } = await api.state();
      if (pendingEvents === 0 && functions.every(({ instances }) => instances.every(({ state }) => state !== "busy"))) break;
      await delay(POLL);
    }
    const traces = this.#traces;
    this.#traces = new Set();
    const { records } = await collectRecords({
      target: this.run.target,
      logGroups: (this.run.deployment?.functions ?? []).map(({ logGroup }) => logGroup),
      from: this.#from,
      traces,
      deadlineMs: RECORDS_LIMIT,
      pollMs: POLL,
    });
    return records;
  }

  async close(): Promise<void> {
    await this.run.stop();
  }
}
