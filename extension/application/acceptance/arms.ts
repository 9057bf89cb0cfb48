/** The two setups that are compared, side by side on one endpoint: each reached by the alias of its own release. */
import type { Deployment } from "../../deployment/types.ts";
import type { FusionSetup } from "../../core/setup.ts";
import type { Arm } from "../../optimizer/decide/index.ts";
import type { LongWork } from "../../ports/work.ts";
import type { App, WorkloadOptions, WorkloadResult } from "../types.ts";

/** What acceptance needs of a running app: the emulator's `LocalRun`, or an app on AWS. */
export interface Stage {
  /** `aws`: both setups get requests at once. `local`: they take turns, because they share this machine. */
  kind: "local" | "aws";
  deploy(app: App, options: LongWork & { setup: FusionSetup }): Promise<Deployment>;
  workload(options: WorkloadOptions): Promise<WorkloadResult>;
}

export interface ArmSetup {
  setup: FusionSetup;
  deployment: Deployment;
}

export type Arms = Record<Arm, ArmSetup>;

/** A deployment whose entries are invoked by its release, so that they answer under its setup whatever is live. */
export function byRelease(deployment: Deployment): Deployment {
  const entries = Object.entries(deployment.entries).map(
    ([task, entry]) => [task, { ...entry, qualifier: deployment.release }] as const,
  );
  return { ...deployment, entries: Object.fromEntries(entries) };
}

/** Deploys the old setup, then the new one; the release before stays, so both can be invoked. The new one is live afterwards. */
export async function deployArms(stage: Stage, app: App, setups: Record<Arm, FusionSetup>, work: LongWork = {}): Promise<Arms> {
  const old = await stage.deploy(app, { ...work, setup: setups.old });
  const next = await stage.deploy(app, { ...work, setup: setups.new });
  return { old: { setup: setups.old, deployment: byRelease(old) }, new: { setup: setups.new, deployment: byRelease(next) } };
}
