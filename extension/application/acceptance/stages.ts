/** Where acceptance runs: on the emulator's run of the app, or on AWS (any Lambda endpoint). The comparison is the same code. */
import type { Target } from "../../deployment/index.ts";
import { setupId } from "../../core/setup-id.ts";
import { UserError } from "../../core/errors.ts";
import { startAws, type AwsRun } from "../aws-run.ts";
import type { LocalRun } from "../types.ts";
import type { Stage } from "./arms.ts";

export function localStage(running: LocalRun): Stage {
  return {
    kind: "local",
    deploy: (app, options) => running.deploy({ ...app, setup: options.setup }, options),
    workload: (options) => running.workload(options),
  };
}

/** Deploys without asking: the caller has the user's consent for both setups. `stop` leaves everything deployed. */
export function awsStage(target: Target): Stage & { stop(): Promise<void> } {
  const runs: AwsRun[] = [];
  return {
    kind: "aws",
    async deploy(app, { setup, ...work }) {
      const run = startAws({ ...app, setup, setupId: setupId(setup) }, target);
      runs.push(run);
      return run.deploy(work);
    },
    workload(options) {
      const run = runs.at(-1);
      if (!run) throw new UserError("not-deployed", "The app is not deployed yet.", "Deploy it first.");
      return run.workload(options);
    },
    stop: async () => void (await Promise.all(runs.map((run) => run.stop()))),
  };
}
