/** A sample app on one emulator (`--fidelity aws`), with setups deployed side by side and measured in turns. */
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadApp } from "../../../extension/application/app.ts";
import { byRelease } from "../../../extension/application/acceptance/arms.ts";
import { workloadEvents } from "../../../extension/application/events.ts";
import { startLocal } from "../../../extension/application/local-run.ts";
import type { App, LocalRun, WorkloadResult } from "../../../extension/application/types.ts";
import type { FusionSetup } from "../../../extension/core/setup.ts";
import type { Deployment } from "../../../extension/deployment/index.ts";
import { packageRoot } from "../../../extension/local/locations.ts";
import { buildTraces, profileFrom } from "../../../extension/monitoring/index.ts";

/** Requests that make instances before any counts. */
const WARM_UP = 3;

export class RunningSample {
  readonly app: App;
  private readonly running: LocalRun;
  private readonly folder: string;
  private readonly events: { task: string; event: unknown }[];
  private readonly deployed = new Map<string, Deployment>();
  private readonly results = new Map<string, WorkloadResult[]>();

  private constructor(app: App, running: LocalRun, folder: string, events: { task: string; event: unknown }[]) {
    this.app = app;
    this.running = running;
    this.folder = folder;
    this.events = events;
  }

  static async start(name: string): Promise<RunningSample> {
    const artifacts = join(packageRoot(), "test/artifacts");
    await mkdir(artifacts, { recursive: true });
    const folder = await mkdtemp(join(artifacts, `bench-${name}-`));
    await cp(join(packageRoot(), "test/apps", name), folder, {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
    });
    const app = await loadApp(folder);
    const running = await startLocal(app, { fidelity: "aws", forget: true });
    return new RunningSample(app, running, folder, await workloadEvents(app));
  }

  /** Deploys it when it is new, then sends a block of requests to it. */
  async measure(name: string, setup: FusionSetup, block: { requests: number; rate: number }): Promise<WorkloadResult> {
    const known = this.deployed.get(name);
    const deployment = known ?? byRelease(await this.running.deploy({ ...this.app, setup }, { setup, keepReleases: 20 }));
    this.deployed.set(name, deployment);
    const result = await this.running.workload({
      ...block,
      events: this.events,
      warmUp: known ? 1 : WARM_UP,
      of: { deployment, setup },
      keep: false,
    });
    this.results.set(name, [...(this.results.get(name) ?? []), result]);
    return result;
  }

  /** What the blocks of these setups tell of the app. */
  learn(names: readonly string[]) {
    const blocks = names.flatMap((name) => this.results.get(name) ?? []);
    return profileFrom(
      blocks.flatMap(({ records, reports }) => buildTraces(records, reports)),
      {
        graph: this.app.graph,
        ...(this.app.config && { constraints: this.app.config.constraints }),
        requests: blocks.flatMap(({ sent }) => sent),
      },
    );
  }

  /** Over all blocks of a setup so far; latency in ms, cost in US dollars per million. */
  totals(name: string): { latency: number; p95: number; cost: number } {
    const blocks = this.results.get(name) ?? [];
    const latencies = blocks.flatMap(({ sent }) => sent.map(({ latency }) => latency)).sort((a, b) => a - b);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    return {
      latency: mean(latencies),
      p95: latencies[Math.ceil(0.95 * latencies.length) - 1] ?? 0,
      cost: mean(blocks.map(({ measurement }) => measurement.costPerMillion)),
    };
  }

  async stop(): Promise<void> {
    await this.running.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
