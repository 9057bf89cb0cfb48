import type { Action } from "../types.ts";
import { LOG_RETENTION_DAYS } from "../endpoint/log-groups.ts";
import { LIVE } from "../names.ts";
import { chooseRelease } from "./choose.ts";
import type { DesiredApp, DesiredFunction } from "./desired.ts";
import { removalFrom, type Removal } from "./removal.ts";
import { differences, withoutRelease, type FunctionShape } from "./shape.ts";
import type { DeployedFunction, DeployedState } from "./state.ts";

/** What has to happen to one function so that it belongs to the release. */
export interface FunctionStep {
  desired: DesiredFunction;
  deployed: DeployedFunction | undefined;
  shape: FunctionShape;
  /** A version that is what it shall be; absent = one has to be made. */
  version: string | undefined;
  isEntry: boolean;
}

/** A deploy worked out, before anything is done. */
export interface Blueprint {
  desired: DesiredApp;
  state: DeployedState;
  release: string;
  isNew: boolean;
  steps: FunctionStep[];
  /** Log groups to be made, or to be given a retention: Lambda makes them without, as does a deploy that was cut off. */
  logGroups: string[];
  removal: Removal;
  actions: Action[];
}

export interface Surroundings {
  /** Log groups that exist. `own` is known of those without a retention only: nobody else's is given one. */
  logGroups: ReadonlyMap<string, { days: number | undefined; own?: boolean }>;
  /** ARN of a function's role, whether it exists yet or not. */
  roleOf: (desired: DesiredFunction) => string;
  /** What has to be done to roles. */
  roleActions: Action[];
  keepReleases: number;
  /** ms, see `RemovalRule`. */
  drain: number;
  now: number;
}

export function blueprintOf(desired: DesiredApp, state: DeployedState, around: Surroundings): Blueprint {
  const chosen = chooseRelease(desired, state, around.roleOf);
  const steps = desired.functions.map((wanted): FunctionStep => {
    const deployed = state.functions.get(wanted.functionName);
    const shape = chosen.shapeOf(wanted);
    const version = deployed && reusable(deployed, shape, chosen.name);
    return { desired: wanted, deployed, shape, version, isEntry: chosen.isEntry(wanted) };
  });
  const functions = new Set(desired.functions.map(({ functionName }) => functionName));
  const removal = removalFrom(state, { release: chosen.name, functions, ...around });
  const logGroups = desired.functions
    .map(({ logGroup }) => logGroup)
    .filter((name) => logGroupAction(name, around.logGroups).kind !== "keep");
  const actions = [
    ...around.roleActions,
    ...desired.functions.map(({ logGroup }) => logGroupAction(logGroup, around.logGroups)),
    ...steps.map((step) => functionAction(step, state)),
    releaseAction(chosen.name, chosen.isNew, desired),
    ...steps.filter(({ isEntry }) => isEntry).map((step) => liveAction(step, chosen.name)),
    ...removalActions(removal),
  ];
  return { desired, state, release: chosen.name, isNew: chosen.isNew, steps, logGroups, removal, actions };
}

/** The version under the release's own alias if it fits, else the newest that fits. */
function reusable({ versions, aliases }: DeployedFunction, shape: FunctionShape, release: string): string | undefined {
  const fits = (version: string | undefined) => {
    const found = version === undefined ? undefined : versions.get(version);
    return found !== undefined && differences(found, shape).length === 0;
  };
  const aliased = aliases.get(release)?.version;
  return fits(aliased) ? aliased : [...versions.keys()].toReversed().find(fits);
}

function logGroupAction(name: string, groups: Surroundings["logGroups"]): Action {
  const resource = `log group ${name}`;
  const group = groups.get(name);
  if (!group) return { kind: "create", resource, reason: `new, keeps logs for ${LOG_RETENTION_DAYS} days` };
  if (group.days !== undefined) return { kind: "keep", resource, reason: `keeps logs for ${group.days} days` };
  if (!group.own) return { kind: "keep", resource, reason: "keeps logs forever, as whoever made it left it" };
  return { kind: "update", resource, reason: `keeps logs forever, from now on for ${LOG_RETENTION_DAYS} days` };
}

function functionAction({ desired, deployed, shape, version }: FunctionStep, { broken }: DeployedState): Action {
  const resource = `function ${desired.functionName}`;
  const why = broken.get(desired.functionName);
  if (why !== undefined) return { kind: "create", resource, reason: `again: Lambda could not set it up (${why})` };
  if (!deployed) return { kind: "create", resource, reason: `task ${desired.root}, ${shape.memory} MB` };
  if (version !== undefined) return { kind: "keep", resource, reason: `unchanged, version ${version}` };
  const before = [...deployed.versions.values()].at(-1) ?? deployed.latest;
  const changes = differences(withoutRelease(before), withoutRelease(shape));
  return { kind: "update", resource, reason: changes.length > 0 ? changes.join(", ") : "takes requests of a new release" };
}

function releaseAction(name: string, isNew: boolean, { functions, setupId }: DesiredApp): Action {
  const reason = `${functions.length} functions, setup ${setupId}`;
  return { kind: isNew ? "create" : "keep", resource: `release ${name}`, reason };
}

function liveAction({ desired, deployed }: FunctionStep, release: string): Action {
  const resource = `alias ${desired.functionName}:${LIVE}`;
  const live = deployed?.aliases.get(LIVE);
  if (!live) return { kind: "create", resource, reason: `to ${release}` };
  if (isAtRelease(deployed, release)) return { kind: "keep", resource, reason: `at ${release}` };
  return { kind: "update", resource, reason: `from ${live.note.release ?? `version ${live.version}`} to ${release}` };
}

/** True when all clients of the function already get the release. */
export function isAtRelease(deployed: DeployedFunction | undefined, release: string): boolean {
  const live = deployed?.aliases.get(LIVE);
  const own = deployed?.aliases.get(release);
  if (!live || !own) return false;
  return live.version === own.version && live.note.release === release && Object.keys(live.routing).length === 0;
}

export function removalActions({ releases, functions, draining }: Removal): Action[] {
  return [
    ...releases.map(({ name, complete }): Action => {
      return {
        kind: "delete",
        resource: `release ${name}`,
        reason: complete ? "older than the releases that are kept" : "was cut off",
      };
    }),
    ...functions.map((name): Action => ({ kind: "delete", resource: `function ${name}`, reason: "in no release that is kept" })),
    ...draining.map(({ functionName, until }): Action => {
      const reason = until > 0 ? `events may wait for it until ${new Date(until).toISOString()}` : "in a release that is kept";
      return { kind: "keep", resource: `function ${functionName}`, reason };
    }),
  ];
}
