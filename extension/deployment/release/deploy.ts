import type { Bundler } from "../bundle/types.ts";
import type { Connection } from "../endpoint/connection.ts";
import { createLogGroup } from "../endpoint/log-groups.ts";
import { LIVE } from "../names.ts";
import { pool } from "../pool.ts";
import { UserError } from "../../core/errors.ts";
import type { Action, DeployableApp, DeployedFunction, DeployOptions, Deployment } from "../types.ts";
import { pointAlias } from "./aliases.ts";
import { bringToVersion, configureEvents } from "./apply.ts";
import { tryShare } from "./canary.ts";
import { isAtRelease, type FunctionStep } from "./blueprint.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { leave, prune } from "./prune.ts";
import { liveReleases } from "./releases.ts";

/** Functions changed at once: Lambda's control plane allows 15 requests a second to an account and region. */
const WIDTH = 5;

/**
 * Brings the endpoint to the app. Clients move last, one alias a function; whatever ends this earlier leaves them on the
 * release they had, and the next deploy goes on from there.
 */
export async function deployRelease(
  app: DeployableApp,
  connection: Connection,
  bundler: Bundler,
  options: DeployOptions,
): Promise<Deployment> {
  const prepared = await prepare(app, connection, bundler, options);
  const { desired, state, release, steps, logGroups, actions } = prepared;
  if (options.consented) refuseOthers(actions, options.consented);
  const { signal, progress } = connection.work;
  const names = { app: desired.app, stage: desired.stage };
  const parts = steps.length + 2;
  let done = 0;
  const report = (message: string) => progress?.(message, ++done / parts);

  await pool(logGroups, WIDTH, (name) => createLogGroup(connection, name, prepared.arnOfLogGroup(name), names));
  await prepared.roles.apply();
  report(`Deploying ${release}`);
  const now = options.now ?? Date.now;
  const note = { setup: desired.setupId, functions: steps.length, at: new Date(now()).toISOString() };
  const versions = new Map<string, string>();
  await pool(steps, WIDTH, async (step) => {
    signal?.throwIfAborted();
    const name = step.desired.functionName;
    const version = await bringToVersion(connection, state, step, names);
    versions.set(name, version);
    await joinRelease(connection, prepared, step, version, note);
    report(`${step.version === undefined ? "Deployed" : "Kept"} ${name}`);
  });
  if (options.canary) {
    const entries = steps.filter(({ isEntry }) => isEntry).map(({ desired: { functionName } }) => functionName);
    const tried = entries.map((functionName) => ({ functionName, version: versions.get(functionName)! }));
    await tryShare(connection, state, tried, release, options.canary);
  }
  const left = [...liveReleases(state)].filter((name) => name !== release);
  const at = new Date(now()).toISOString();
  for (const {
    desired: { functionName },
    isEntry,
  } of steps) {
    const deployed = state.functions.get(functionName)!;
    if (!isEntry || isAtRelease(deployed, release)) continue;
    signal?.throwIfAborted();
    progress?.(`Switching ${functionName} to ${release}`);
    await pointAlias(connection, deployed, LIVE, versions.get(functionName)!, { release, at });
  }
  const urls = await prepared.urls.apply();
  await leave(connection, state, left, at);
  report("Removing what is not needed any more");
  await prune(connection, prepared, options);
  return {
    setupId: desired.setupId,
    release,
    functions: deployedFunctions(steps, versions),
    entries: entriesOf(steps, urls),
    actions,
  };
}

/** @throws UserError `plan-changed` */
function refuseOthers(actions: readonly Action[], consented: readonly Action[]): void {
  const known = new Set(consented.map(({ kind, resource }) => `${kind} ${resource}`));
  const other = actions.find(({ kind, resource }) => kind !== "keep" && !known.has(`${kind} ${resource}`));
  if (!other) return;
  throw new UserError(
    "plan-changed",
    `Since the plan was shown the source or the deployment has changed: now the deploy would ${other.kind} ${other.resource}. Nothing was changed.`,
    "Look at the new plan, and deploy again.",
  );
}

async function joinRelease(
  connection: Connection,
  { release, state, eventAge }: Prepared,
  { desired }: FunctionStep,
  version: string,
  note: { setup: string; functions: number; at: string },
): Promise<void> {
  const deployed = state.functions.get(desired.functionName)!;
  const moved = await pointAlias(connection, deployed, release, version, note);
  if (moved && desired.takesEvents) await configureEvents(connection, desired.functionName, release, eventAge);
}

function deployedFunctions(steps: readonly FunctionStep[], versions: ReadonlyMap<string, string>): DeployedFunction[] {
  return steps.map(({ desired, shape }) => ({
    root: desired.root,
    functionName: desired.functionName,
    version: versions.get(desired.functionName) ?? "",
    memory: shape.memory,
    codeSize: desired.zip.length,
    logGroup: desired.logGroup,
  }));
}

function entriesOf(steps: readonly FunctionStep[], urls: ReadonlyMap<string, string>): Deployment["entries"] {
  const entries: Deployment["entries"] = {};
  for (const { desired } of steps) {
    if (!desired.entry) continue;
    const url = urls.get(desired.functionName);
    entries[desired.root] = { functionName: desired.functionName, qualifier: LIVE, ...(url !== undefined && { url }) };
  }
  return entries;
}
