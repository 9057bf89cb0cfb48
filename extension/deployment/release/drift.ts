import { LIVE } from "../names.ts";
import { releasesOf } from "./releases.ts";
import { differences } from "./shape.ts";
import type { DeployedFunction, DeployedState } from "./state.ts";

/** Something at the endpoint that no deploy has left so. */
export interface Drift {
  resource: string;
  /** One sentence. */
  message: string;
}

/**
 * What was changed past the deployer, as far as it can be told without a state file: aliases and versions say what a deploy
 * meant. A deploy mends all of it; nothing is mended on its own.
 */
export function driftOf(state: DeployedState): Drift[] {
  const drift = [...state.functions.values()].flatMap((one) => [...aliasDrift(one), ...latestDrift(one)]);
  for (const { name, live, complete } of releasesOf(state)) {
    if (live && !complete)
      drift.push({ resource: `release ${name}`, message: "Clients invoke it, but functions of it are missing." });
  }
  return drift;
}

function aliasDrift({ functionName, aliases }: DeployedFunction): Drift[] {
  const live = aliases.get(LIVE);
  if (!live) return [];
  const resource = `alias ${functionName}:${LIVE}`;
  const { release, canary } = live.note;
  const expected = release === undefined ? undefined : aliases.get(release)?.version;
  if (release === undefined || expected === undefined)
    return [{ resource, message: `It points to version ${live.version}, which is no release.` }];
  if (live.version !== expected) return [{ resource, message: `It was moved from ${release} to version ${live.version}.` }];
  const others = Object.keys(live.routing).filter((version) => canary === undefined || aliases.get(canary)?.version !== version);
  return others.map((version) => ({ resource, message: `A share of the requests was given to version ${version}.` }));
}

function latestDrift({ functionName, latest, versions }: DeployedFunction): Drift[] {
  const shapes = [...versions.values()];
  if (shapes.length === 0 || shapes.some((shape) => differences(shape, latest).length === 0)) return [];
  const changes = differences(shapes.at(-1)!, latest).join(", ");
  return [{ resource: `function ${functionName}`, message: `It has changes that belong to no version: ${changes}.` }];
}
