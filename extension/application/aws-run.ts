/** The app on AWS, or another Lambda endpoint, for measuring: planned, deployed after consent, measured. */
import { UserError } from "../core/errors.ts";
import { createDeployer, type Action, type Deployment, type DeployOptions, type Plan, type Target } from "../deployment/index.ts";
import type { LongWork } from "../ports/work.ts";
import { assertUsable } from "./app.ts";
import { recordSize } from "./estimate.ts";
import { createInvoker } from "./invoke.ts";
import { measure } from "./measure.ts";
import { logCost } from "../monitoring/log-prices.ts";
import { LOG_RETENTION_DAYS } from "../deployment/endpoint/log-groups.ts";
import type { App, WorkloadOptions, WorkloadResult } from "./types.ts";

/** What measuring itself costs. */
export interface MonitoringCost {
  /** Bytes of records that one root request makes the functions log. */
  bytesPerRequest: number;
  /** US dollars for collecting and keeping them, per million root requests. Reading them is free. */
  costPerMillion: number;
}

export interface AwsRun {
  plan(work?: LongWork): Promise<Plan>;
  deploy(work?: DeployOptions): Promise<Deployment>;
  workload(options: WorkloadOptions): Promise<WorkloadResult & { monitoring: MonitoringCost }>;
  stop(): Promise<void>;
}

/** Actions that change something. */
export const changing = (actions: readonly Action[]): Action[] => actions.filter(({ kind }) => kind !== "keep");

export function startAws(app: App, target: Target): AwsRun {
  assertUsable(app);
  const deployer = createDeployer();
  const invoker = createInvoker(target);
  const deployable = { folder: app.folder, config: app.config, graph: app.graph, setup: app.setup };
  let deployment: Deployment | undefined;
  const deployed = (): Deployment => {
    if (!deployment) throw new UserError("not-deployed", "The app is not deployed yet.", "Deploy it first.");
    return deployment;
  };
  return {
    plan: (work = {}) => deployer.plan(deployable, target, work),
    deploy: async (work = {}) => (deployment = await deployer.deploy(deployable, target, work)),
    async workload(options) {
      if (options.cold) {
        throw new UserError(
          "cold-aws",
          "Cold starts alone cannot be measured on AWS: nothing there retires an instance.",
          "Measure them on the emulator: leave out --target.",
        );
      }
      const result = await measure(
        {
          app,
          deployment: deployed(),
          target,
          invoker,
          // What is under way shows in the records alone, which are awaited afterwards.
          settle: async () => {},
          reset: async () => {},
          keep: true,
        },
        options,
      );
      if (result.records.length === 0 && result.measurement.errors < result.measurement.requests) {
        throw new UserError(
          "no-records",
          `The requests were answered, but the logs of stage ${target.stage} hold no record of them.`,
          "Check that the role may write logs (a new policy takes up to a minute), and that the endpoint hands on the client context.",
        );
      }
      return { ...result, monitoring: monitoringCost(result) };
    },
    async stop() {
      invoker.close();
      await deployer.dispose();
    },
  };
}

function monitoringCost({ records, measurement }: Pick<WorkloadResult, "records" | "measurement">): MonitoringCost {
  const bytes = records.reduce((sum, record) => sum + recordSize(record), 0);
  const bytesPerRequest = Math.round(bytes / Math.max(1, measurement.requests));
  return { bytesPerRequest, costPerMillion: logCost(bytesPerRequest * 1e6, LOG_RETENTION_DAYS) };
}
