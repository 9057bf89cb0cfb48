import type { Bundler } from "../bundle/types.ts";
import type { Connection } from "../endpoint/connection.ts";
import { accountOf, partitionOf } from "../endpoint/identity.ts";
import { isOwnLogGroup, readLogGroups } from "../endpoint/log-groups.ts";
import { planRoles, type RolePlan } from "../endpoint/roles.ts";
import { planUrls, type UrlPlan } from "../endpoint/urls.ts";
import type { DeployableApp, DeployOptions } from "../types.ts";
import { blueprintOf, type Blueprint } from "./blueprint.ts";
import { desiredApp } from "./desired.ts";
import { refuseForeign } from "./foreign.ts";
import { pool } from "../pool.ts";
import { readState } from "./state.ts";

/** Log groups asked about at once. */
const WIDTH = 5;

/** Earlier releases kept for rolling back, when nothing else is asked for. */
export const KEEP_RELEASES = 1;
/** Seconds that Lambda keeps an event at most, by its own default. */
export const EVENT_AGE = 21_600;

export interface Prepared extends Blueprint {
  roles: RolePlan;
  urls: UrlPlan;
  /** Of a log group that is about to be made, or exists. */
  arnOfLogGroup(name: string): string;
  /** ms that a release may still be invoked after clients have left it. */
  drain: number;
  /** Seconds. */
  eventAge: number;
}

/** Builds the app, reads what exists, and works out the difference. Changes nothing. */
export async function prepare(
  app: DeployableApp,
  connection: Connection,
  bundler: Bundler,
  options: DeployOptions,
): Promise<Prepared> {
  const { target, work } = connection;
  const { config } = app;
  work.progress?.("Bundling");
  const [bundles, state, logGroups] = await settledAll([
    bundler.bundle(app, work),
    readState(connection, config.app, target.stage),
    readLogGroups(connection, config.app, target.stage),
  ]);
  const desired = desiredApp(app, bundles, target);
  refuseForeign(desired, state);
  const roles = await planRoles(connection, desired);
  const place = `${partitionOf(target.region)}:logs:${target.region}:${await accountOf(connection)}`;
  const wanted = desired.functions.flatMap(({ logGroup: name }) => {
    const group = logGroups.get(name);
    return group ? [{ name, ...group }] : [];
  });
  const known = await pool(wanted, WIDTH, async ({ name, days, arn }) => {
    const own = days === undefined && (await isOwnLogGroup(connection, arn, desired));
    return [name, { days, own }] as const;
  });
  const eventAge = target.eventAge ?? EVENT_AGE;
  // What a release may still have to do when clients have left it: events that wait, else requests that run.
  const longest = desired.functions.some(({ takesEvents }) => takesEvents) ? eventAge + config.timeout : config.timeout;
  const drain = longest * 1000;
  const blueprint = blueprintOf(desired, state, {
    logGroups: new Map(known),
    roleOf: roles.arnOf,
    roleActions: roles.actions,
    keepReleases: options.keepReleases ?? KEEP_RELEASES,
    drain,
    now: (options.now ?? Date.now)(),
  });
  const urls = await planUrls(connection, blueprint.steps);
  const arnOfLogGroup = (name: string) => logGroups.get(name)?.arn ?? `arn:${place}:log-group:${name}`;
  return { ...blueprint, actions: [...blueprint.actions, ...urls.actions], roles, urls, arnOfLogGroup, drain, eventAge };
}

/** Like Promise.all, but waits until nothing runs any more before it throws: no work goes on behind the caller's back. */
async function settledAll<A, B, C>(work: [Promise<A>, Promise<B>, Promise<C>]): Promise<[A, B, C]> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}
