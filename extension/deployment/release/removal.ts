import { LIVE, releaseNumber } from "../names.ts";
import { lastSwitch, releasesOf, type Release } from "./releases.ts";
import type { DeployedState } from "./state.ts";

/** What no release that is kept refers to. */
export interface Removal {
  aliases: { functionName: string; alias: string }[];
  versions: { functionName: string; version: string }[];
  /** Functions of which nothing is left to keep. */
  functions: string[];
  /** Releases that go, for people. */
  releases: Release[];
  /** Functions that the app has no more, but that events or running requests may still come to; until then, ms since the epoch. */
  draining: { functionName: string; until: number }[];
}

export interface RemovalRule {
  /** Name of the release that is live after the deploy. */
  release: string;
  /** Function names in it. */
  functions: ReadonlySet<string>;
  /** Number of earlier complete releases to keep, for rolling back. */
  keepReleases: number;
  /** ms that a release may still be invoked after clients have left it: the longest life of a queued event, or of a request. */
  drain: number;
  /** ms since the epoch. */
  now: number;
}

/** Works out what may go; pure, so that plan and deploy agree. */
export function removalFrom(state: DeployedState, { release, functions, keepReleases, drain, now }: RemovalRule): Removal {
  const releases = releasesOf(state);
  const moved = lastSwitch(state);
  const drainedAt = (one: Release) => (one.until ?? moved ?? now) + drain;
  const earlier = releases.filter(({ name, complete }) => complete && name !== release);
  const spare = new Set(keepReleases > 0 ? earlier.slice(-keepReleases).map(({ name }) => name) : []);
  // A release that is live now is left in this very deploy: it drains from now on.
  const waiting = new Map(
    releases
      .filter((one) => one.name !== release && one.complete)
      .map((one): [string, number] => [one.name, one.live ? now + drain : drainedAt(one)])
      .filter(([, until]) => until > now),
  );
  const going = releases.filter(({ name }) => name !== release && !spare.has(name) && !waiting.has(name));
  const gone = new Set(going.map(({ name }) => name));

  const removal: Removal = { aliases: [], versions: [], functions: [], releases: going, draining: [] };
  for (const { functionName, aliases, versions } of state.functions.values()) {
    const wanted = functions.has(functionName);
    const kept = [...aliases.values()].filter(({ name }) => !gone.has(name) && (wanted || name !== LIVE));
    if (!wanted && !kept.some(({ name }) => releaseNumber(name) !== undefined)) {
      removal.functions.push(functionName);
      continue;
    }
    if (!wanted) {
      const until = Math.max(...kept.map(({ name }) => waiting.get(name) ?? 0));
      removal.draining.push({ functionName, until });
    }
    for (const { name } of aliases.values()) if (gone.has(name)) removal.aliases.push({ functionName, alias: name });
    const used = new Set(kept.flatMap(({ version, routing }) => [version, ...Object.keys(routing)]));
    const newest = [...versions.keys()].at(-1);
    for (const version of versions.keys()) {
      // The newest may be one that this deploy has just published; Lambda would give its number to nobody else.
      if (!used.has(version) && version !== newest) removal.versions.push({ functionName, version });
    }
  }
  removal.functions.push(...[...state.broken.keys()].filter((name) => !functions.has(name)));
  return removal;
}
