import { createBundler } from "./bundle/bundler.ts";
import type { Bundler } from "./bundle/types.ts";
import { connect, type Connection } from "./endpoint/connection.ts";
import { explained } from "./endpoint/failures.ts";
import { accountOf, partitionOf } from "./endpoint/identity.ts";
import { deployerPolicy } from "./endpoint/policy.ts";
import { exportBeside, type BesideOptions, type ExportedBeside } from "./export/beside.ts";
import { exportApp, type Exported, type ExportOptions } from "./export/export.ts";
import type { LongWork } from "../ports/work.ts";
import { namePrefix } from "./names.ts";
import { deployRelease } from "./release/deploy.ts";
import { destroyStage } from "./release/destroy.ts";
import { driftOf } from "./release/drift.ts";
import { prepare } from "./release/prepare.ts";
import { releasesOf } from "./release/releases.ts";
import { rollbackRelease, type RolledBack } from "./release/rollback.ts";
import { readState } from "./release/state.ts";
import type { Target } from "./target.ts";
import type { Action, DeployableApp, Deployment, DeployOptions, DestroyOptions, Plan, ReleaseView } from "./types.ts";

/** Deploys again and again, building only what changed in between. */
export interface Deployer {
  plan(app: DeployableApp, target: Target, options?: DeployOptions): Promise<Plan>;
  deploy(app: DeployableApp, target: Target, options?: DeployOptions): Promise<Deployment>;
  /** Writes a template and the bundles into a folder, for a pipeline of one's own. Reaches no network. */
  export(app: DeployableApp, target: Target, options: ExportOptions): Promise<Exported>;
  /** Writes a fused copy of an existing application's template beside it, and the bundles. Reaches no network. */
  exportBeside(app: DeployableApp, target: Target, options: BesideOptions): Promise<ExportedBeside>;
  dispose(): Promise<void>;
}

export function createDeployer(bundler: Bundler = createBundler()): Deployer {
  return {
    plan: (app, target, options = {}) =>
      connected(target, options, async (connection) => {
        const { desired, release, actions, state } = await prepare(app, connection, bundler, options);
        const { app: name, stage, setupId } = desired;
        const account = target.kind === "aws" ? { account: await accountOf(connection) } : {};
        const live = releasesOf(state)
          .filter((one) => one.live)
          .at(-1);
        return {
          app: name,
          stage,
          region: target.region,
          ...account,
          ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
          setupId,
          release,
          live: live && { release: live.name, setupId: live.setup },
          actions,
          drift: driftOf(state),
        };
      }),
    deploy: (app, target, options = {}) =>
      connected(target, options, (connection) => deployRelease(app, connection, bundler, options)),
    export: (app, target, options) => exportApp(app, target, bundler, options),
    exportBeside: (app, target, options) => exportBeside(app, target, bundler, options),
    dispose: () => bundler.dispose(),
  };
}

/** What `deploy` would do now. */
export function plan(app: DeployableApp, target: Target, options: DeployOptions = {}): Promise<Plan> {
  return once((deployer) => deployer.plan(app, target, options));
}

/** Deploys once. */
export function deploy(app: DeployableApp, target: Target, options: DeployOptions = {}): Promise<Deployment> {
  return once((deployer) => deployer.deploy(app, target, options));
}

/** Moves clients back to the release before, or to the one named. */
export function rollback(app: string, target: Target, options: LongWork & { to?: string } = {}): Promise<RolledBack> {
  return connected(target, options, (connection) => rollbackRelease(connection, app, options.to));
}

/** Removes everything of the app's stage. */
export function destroy(app: string, target: Target, options: DestroyOptions = {}): Promise<Action[]> {
  return connected(target, options, (connection) => destroyStage(connection, app, options));
}

/** The rights that deploying this app's stage needs, as an IAM policy. Asks for the account unless it is given. */
export function deployerPolicyFor(
  app: string,
  target: Target,
  { account, measure = false, ...work }: LongWork & { account?: string; measure?: boolean } = {},
): Promise<object> {
  const { region, stage, roles } = target;
  return connected(target, work, async (connection) => {
    const place = { partition: partitionOf(region), region, account: account ?? (await accountOf(connection)) };
    return deployerPolicy(namePrefix(app, stage), place, roles === "managed" ? true : { role: roles.arn }, { measure });
  });
}

/** Oldest first. */
export function listReleases(app: string, target: Target, work: LongWork = {}): Promise<ReleaseView[]> {
  return connected(target, work, async (connection) => {
    const releases = releasesOf(await readState(connection, app, target.stage));
    return releases.map(({ name, setup, at, functions, complete, live }) => {
      return {
        name,
        setupId: setup,
        at: at === undefined ? undefined : new Date(at).toISOString(),
        functions: functions.size,
        complete,
        live,
      };
    });
  });
}

async function once<Result>(work: (deployer: Deployer) => Promise<Result>): Promise<Result> {
  const deployer = createDeployer();
  try {
    return await work(deployer);
  } finally {
    await deployer.dispose();
  }
}

async function connected<Result>(
  target: Target,
  work: LongWork,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  work.signal?.throwIfAborted();
  const connection = connect(target, work);
  try {
    return await use(connection);
  } catch (error) {
    work.signal?.throwIfAborted();
    throw explained(error, target);
  } finally {
    connection.close();
  }
}
