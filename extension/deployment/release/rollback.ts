import { UserError } from "../../core/errors.ts";
import type { Connection } from "../endpoint/connection.ts";
import { LIVE } from "../names.ts";
import type { Action } from "../types.ts";
import { pointAlias } from "./aliases.ts";
import { deleteAlias, leave, rejoin } from "./prune.ts";
import { liveReleases, releasesOf, type Release } from "./releases.ts";
import { RELEASE_VARIABLES } from "./shape.ts";
import { readState, type DeployedFunction } from "./state.ts";

export interface RolledBack {
  from: string;
  release: string;
  actions: Action[];
}

/**
 * Moves clients to an earlier release, by default the one before: one call for each function that they invoke, no upload.
 * @throws UserError `nothing-deployed` or `no-earlier-release`.
 */
export async function rollbackRelease(connection: Connection, app: string, to?: string): Promise<RolledBack> {
  const { stage } = connection.target;
  const { signal, progress } = connection.work;
  const state = await readState(connection, app, stage);
  const releases = releasesOf(state);
  const live = liveReleases(state);
  const current = releases.filter((one) => one.live).at(-1);
  if (!current)
    throw new UserError("nothing-deployed", `Nothing of app ${app}, stage ${stage} is deployed here.`, "Deploy it first.");
  const goal =
    to === undefined
      ? releases.filter(({ complete, number }) => complete && number < current.number).at(-1)
      : named(releases, to);
  if (!goal) {
    const message = to === undefined ? `There is no release before ${current.name}.` : `There is no complete release ${to}.`;
    throw new UserError("no-earlier-release", message, "Deploy an earlier state of the source instead.");
  }
  const at = new Date().toISOString();
  const actions: Action[] = [];
  await rejoin(connection, state, goal.name);
  for (const deployed of state.functions.values()) {
    signal?.throwIfAborted();
    const resource = `alias ${deployed.functionName}:${LIVE}`;
    const version = goal.functions.get(deployed.functionName);
    if (version === undefined || !invokedByClients(deployed, version)) {
      if (!deployed.aliases.has(LIVE)) continue;
      progress?.(`Taking ${deployed.functionName} away from clients`);
      await deleteAlias(connection, deployed.functionName, LIVE);
      actions.push({ kind: "delete", resource, reason: `clients did not invoke it in ${goal.name}` });
      continue;
    }
    progress?.(`Switching ${deployed.functionName} to ${goal.name}`);
    const known = deployed.aliases.get(LIVE);
    const moved = await pointAlias(connection, deployed, LIVE, version, { release: goal.name, at });
    actions.push({
      kind: moved ? (known ? "update" : "create") : "keep",
      resource,
      reason: `${moved ? "to" : "at"} ${goal.name}`,
    });
  }
  await leave(
    connection,
    state,
    [...live].filter((name) => name !== goal.name),
    at,
  );
  return { from: current.name, release: goal.name, actions };
}

function named(releases: readonly Release[], name: string): Release | undefined {
  return releases.find((one) => one.name === name && one.complete);
}

function invokedByClients({ versions }: DeployedFunction, version: string): boolean {
  return versions.get(version)?.environment[RELEASE_VARIABLES.release] !== undefined;
}
