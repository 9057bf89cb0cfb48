import { LIVE, releaseName, releaseNumber } from "../names.ts";
import type { DesiredApp, DesiredFunction } from "./desired.ts";
import { releasesOf, type Release } from "./releases.ts";
import { differences, RELEASE_VARIABLES, type FunctionShape } from "./shape.ts";
import { lastRelease, type DeployedState } from "./state.ts";

/** The release that shall be live after the deploy. */
export interface ChosenRelease {
  name: string;
  /** False when all of it exists already. */
  isNew: boolean;
  /** Shape of a function's version in it. */
  shapeOf(desired: DesiredFunction): FunctionShape;
  /** True when clients outside the app invoke the function: it then has the alias `live` and knows its release. */
  isEntry(desired: DesiredFunction): boolean;
}

/**
 * An existing release with just this content, the one that is live first; else what is left of a deploy of this content
 * that was cut off; else a new one.
 */
export function chooseRelease(
  desired: DesiredApp,
  state: DeployedState,
  roleOf: (desired: DesiredFunction) => string,
): ChosenRelease {
  // A task that clients know by `live` stays reachable there, though the app has come to call it as well.
  const isEntry = ({ entry, functionName }: DesiredFunction) =>
    entry || (state.functions.get(functionName)?.aliases.has(LIVE) ?? false);
  const shapeIn = (release: string) => (wanted: DesiredFunction) => {
    const environment = { ...wanted.shape.environment };
    if (isEntry(wanted)) {
      environment[RELEASE_VARIABLES.release] = release;
      environment[RELEASE_VARIABLES.setup] = desired.setupId;
    }
    return { ...wanted.shape, role: roleOf(wanted), environment };
  };
  const chosen = (name: string, isNew: boolean): ChosenRelease => ({ name, isNew, isEntry, shapeOf: shapeIn(name) });

  const matches = (release: Release) => {
    const shape = shapeIn(release.name);
    const wanted = new Map(desired.functions.map((one) => [one.functionName, one]));
    for (const [name, version] of release.functions) {
      const one = wanted.get(name);
      const deployed = state.functions.get(name)?.versions.get(version);
      if (!one || !deployed || differences(deployed, shape(one)).length > 0) return false;
    }
    return !release.complete || release.functions.size === wanted.size;
  };
  const releases = releasesOf(state).toReversed();
  const existing = releases
    .filter(({ complete }) => complete)
    .sort((a, b) => Number(b.live) - Number(a.live))
    .find(matches);
  if (existing) return chosen(existing.name, false);
  const newest = releases[0];
  if (newest && !newest.complete && !newest.live && matches(newest)) return chosen(newest.name, true);
  return chosen(releaseName(lastRelease(state) + 1), true);
}

export function isReleaseAlias(alias: string): boolean {
  return releaseNumber(alias) !== undefined;
}
