/**
 * One app on one emulator (`--fidelity aws`), with as many setups deployed side by side as are to be compared: each in a stage of its own, so that
 * they can be asked in any order without a deployment between.
 */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { loadApp } from "../../extension/application/app.ts";
import { emulatorApi } from "../../extension/application/emulator-api.ts";
import { savedEvents, workloadEvents } from "../../extension/application/events.ts";
import { createInvoker } from "../../extension/application/invoke.ts";
import { startLocal } from "../../extension/application/local-run.ts";
import { measure } from "../../extension/application/measure.ts";
import type { App, LocalRun, WorkloadResult } from "../../extension/application/types.ts";
import type { AppConfig } from "../../extension/core/setup.ts";
import { createDeployer, type Deployment, type Target } from "../../extension/deployment/index.ts";
import { packageRoot } from "../../extension/local/locations.ts";
import { bursts } from "../../extension/workload/schedule.ts";
import { busyBetween, processorTimes, yieldingBetween } from "../bench/harness/machine.ts";
import type { AppName, Contender, LoadName } from "./types.ts";

/** Bursts: this many requests at once, then silence. */
const BURST = { size: 3, everyMs: 4_000 };
/** Requests before counting starts, per kind of event: at the block's own rate, so that as many instances are warm as it needs. */
const WARM_UP = 3;
/** The same in seconds, where that is more. */
const WARM_UP_SECONDS = 2;

interface Arm {
  app: App;
  target: Target;
  deployment: Deployment;
}

export interface LabOptions {
  /** Platform wait of a hop; absent = the calibrated one. */
  hopMs?: number;
  /** Factor on the CPU work and sleeps of the sample. */
  workScale?: number;
  signal?: AbortSignal;
  log?: (line: string) => void;
}

export interface Lab {
  readonly app: App & { config: AppConfig };
  /** Deploys a contender beside the others; a second time it does nothing. */
  deploy(contender: Contender): Promise<void>;
  /** @returns what was measured, and the shares of the machine that were busy and busy at low priority. */
  measure(
    contender: Contender,
    load: LoadName,
    options: { requests: number; rate: number },
  ): Promise<WorkloadResult & { machineBusy: number; machineYielding: number }>;
  stop(): Promise<void>;
}

/** WEB's published workload: three kinds of requests in turn; the other entries are deployed and not used. */
const WEB_EVENTS = [
  ["addCartItem", "lamps"],
  ["frontend", "2-get"],
  ["frontend", "4-checkout"],
] as const;

async function eventsOf(name: AppName, app: App): Promise<{ task: string; event: unknown }[]> {
  if (name !== "web") return workloadEvents(app);
  return Promise.all(
    WEB_EVENTS.map(async ([task, event]) => {
      const found = (await savedEvents(app, task)).find((saved) => saved.name === event);
      if (!found) throw new Error(`web has no saved event ${task}/${event}`);
      return { task, event: found.event };
    }),
  );
}

/** Works on a copy of the sample, so that the checkout and its `.fusionize` stay as they are. */
export async function openLab(name: AppName, options: LabOptions): Promise<Lab> {
  const { hopMs, workScale, signal, log } = options;
  const folder = join(packageRoot(), "test/artifacts/evaluation", hopMs === undefined ? name : `${name}-hop-${hopMs}`);
  await rm(folder, { recursive: true, force: true });
  await cp(join(packageRoot(), "test/apps", name), folder, {
    recursive: true,
    filter: (path) => !/[\\/](node_modules|\.fusionize)$/.test(path),
  });
  const app = await loadApp(folder);
  const { config } = app;
  if (!config) throw new Error(`${name}: fusionize.json cannot be used`);
  const events = await eventsOf(name, app);
  const running: LocalRun = await startLocal(app, {
    fidelity: "aws",
    forget: true,
    emulatorArgs: hopMs === undefined ? [] : ["--hop-ms", String(hopMs), "--async-hop-ms", String(hopMs)],
    ...(signal && { signal }),
    ...(log && { log }),
  });
  const api = emulatorApi(running.endpoint);
  const invoker = createInvoker(running.target);
  const deployer = createDeployer();
  const arms = new Map<string, Arm>();

  const settle = (): Promise<void> => api.settled(signal);

  return {
    app: { ...app, config },
    async deploy(contender) {
      if (arms.has(contender.name)) return;
      const environment = {
        ...running.target.environment,
        ...(workScale !== undefined && { FUSIONIZE_WORK_SCALE: String(workScale) }),
      };
      const target: Target = { ...running.target, environment, stage: `s${arms.size}` };
      const constraints = contender.lossTolerated
        ? { ...config.constraints, lossTolerated: app.graph.tasks.map((task) => task.name) }
        : config.constraints;
      const deployable = { folder, config: { ...config, constraints }, graph: app.graph, setup: contender.setup };
      const deployment = await deployer.deploy(deployable, target, signal ? { signal } : {});
      arms.set(contender.name, { app: { ...app, setup: contender.setup }, target, deployment });
    },
    async measure(contender, load, { requests, rate }) {
      const arm = arms.get(contender.name)!;
      const before = processorTimes();
      const functions = arm.deployment.functions.map(({ functionName }) => functionName);
      if (load === "bursty") await settle().then(() => api.reset(functions));
      const result = await measure(
        { ...arm, fidelity: "aws", invoker, settle, reset: () => api.reset(functions), keep: false },
        {
          requests,
          rate,
          events,
          ...(load === "warm" && { warmUp: Math.max(WARM_UP * Math.min(events.length, 3), Math.ceil(rate * WARM_UP_SECONDS)) }),
          ...(load === "cold" && { cold: true }),
          ...(load === "bursty" && { times: bursts(requests, BURST.size, BURST.everyMs) }),
          ...(signal && { signal }),
        },
      );
      const after = processorTimes();
      return { ...result, machineBusy: busyBetween(before, after), machineYielding: yieldingBetween(before, after) };
    },
    async stop() {
      invoker.close();
      await deployer.dispose();
      await running.stop();
    },
  };
}
