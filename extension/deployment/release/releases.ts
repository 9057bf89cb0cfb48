import { LIVE, releaseName, releaseNumber } from "../names.ts";
import type { DeployedState } from "./state.ts";

/** All functions under one release alias: what one deploy made, and what a roll-back returns to. */
export interface Release {
  name: string;
  number: number;
  /** Function name -> version. */
  functions: Map<string, string>;
  setup: string | undefined;
  /** ms since the epoch. */
  at: number | undefined;
  until: number | undefined;
  /** False for what is left of a deploy that was cut off. */
  complete: boolean;
  /** True when at least one `live` alias points to it. */
  live: boolean;
}

/** Oldest first. */
export function releasesOf(state: DeployedState): Release[] {
  const releases = new Map<number, Release>();
  const live = liveReleases(state);
  const expected = new Map<number, number>();
  for (const { functionName, aliases } of state.functions.values()) {
    for (const { name, version, note } of aliases.values()) {
      const number = releaseNumber(name);
      if (number === undefined) continue;
      let release = releases.get(number);
      if (!release) {
        const none = { setup: undefined, at: undefined, until: undefined, complete: false, live: live.has(name) };
        releases.set(number, (release = { name: releaseName(number), number, functions: new Map(), ...none }));
      }
      release.functions.set(functionName, version);
      release.setup ??= note.setup;
      release.at ??= moment(note.at);
      release.until ??= moment(note.until);
      if (note.functions !== undefined) expected.set(number, note.functions);
    }
  }
  for (const [number, release] of releases) release.complete = release.functions.size === expected.get(number);
  return [...releases.values()].sort((a, b) => a.number - b.number);
}

/** Names of the releases that clients invoke now: one, or two when a deploy was cut off at its last step. */
export function liveReleases(state: DeployedState): Set<string> {
  const names = new Set<string>();
  for (const { aliases } of state.functions.values()) {
    const release = aliases.get(LIVE)?.note.release;
    if (release !== undefined) names.add(release);
  }
  return names;
}

/** ms since the epoch at which clients were last moved from one release to another. */
export function lastSwitch(state: DeployedState): number | undefined {
  let last: number | undefined;
  for (const { aliases } of state.functions.values()) {
    const at = moment(aliases.get(LIVE)?.note.at);
    if (at !== undefined) last = Math.max(last ?? 0, at);
  }
  return last;
}

const moment = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));
