import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";
import type { Connection } from "../endpoint/connection.ts";
import { patiently } from "../endpoint/retry.ts";
import { LIVE, logGroupName } from "../names.ts";
import type { CanaryOptions } from "../types.ts";
import { routeShare } from "./aliases.ts";
import type { DeployedState } from "./state.ts";

/** An entry that gets a share of its requests answered by its new version. */
export interface CanaryEntry {
  functionName: string;
  version: string;
}

/** What was seen of the new versions. */
export interface Seen {
  requests: number;
  failed: number;
}

/** ms between looks at the logs: five requests a second is what some regions allow. */
const LOOK_EVERY = 5000;
/** ms that a line of the log may come after later ones. */
const OVERLAP = 30_000;
const TOLERATED = 0.01;
/** Requests before which a share of failures says nothing, unless all of them failed. */
const ENOUGH = 20;

/**
 * Gives the new versions a share of the requests for a while. When too many of them fail, or the deploy is cancelled, all
 * requests go where they went before.
 * @throws UserError `canary-failed`.
 */
export async function tryShare(
  connection: Connection,
  state: DeployedState,
  entries: readonly CanaryEntry[],
  release: string,
  { share, seconds, tolerated = TOLERATED, look = logReader() }: CanaryOptions,
): Promise<void> {
  const { work } = connection;
  const known = entries.filter(({ functionName, version }) => {
    const live = state.functions.get(functionName)?.aliases.get(LIVE);
    return live !== undefined && live.version !== version;
  });
  if (known.length === 0) return;
  const from = Date.now();
  try {
    for (const { functionName, version } of known) {
      await routeShare(connection, state.functions.get(functionName)!, { version, share, release });
    }
    work.progress?.(`Giving ${release} ${Math.round(share * 100)} % of the requests for ${seconds} s`);
    for (let over = false; !over;) {
      const left = from + seconds * 1000 - Date.now();
      await pause(Math.max(0, Math.min(connection.pace.most * 2.5, LOOK_EVERY, left)), work.signal);
      over = Date.now() >= from + seconds * 1000;
      judge(await total(known.map((entry) => look(connection, entry, from))), release, tolerated);
    }
  } catch (error) {
    // Also after a cancel: requests must not stay on a release that nobody watches.
    const undo = { ...connection, work: {} };
    for (const { functionName } of known) await routeShare(undo, state.functions.get(functionName)!, undefined);
    throw error;
  }
}

function judge({ requests, failed }: Seen, release: string, tolerated: number): void {
  const isBad = failed > 0 && failed / requests > tolerated && (requests >= ENOUGH || failed === requests);
  if (!isBad) return;
  throw new UserError(
    "canary-failed",
    `${failed} of ${requests} requests that ${release} got have failed. All requests go to the release before again.`,
    "Look into the log of the entry, and deploy again when it is mended.",
  );
}

async function total(looks: Promise<Seen>[]): Promise<Seen> {
  const seen = await Promise.all(looks);
  return {
    requests: seen.reduce((sum, { requests }) => sum + requests, 0),
    failed: seen.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/**
 * A look at the log that goes on where the last one ended: reads from the platform's own lines which requests the version has
 * begun, and which of them failed.
 */
export function logReader(): NonNullable<CanaryOptions["look"]> {
  const known = new Map<string, { begun: Set<string>; failed: Set<string>; from: number }>();
  return async (connection, { functionName, version }, from) => {
    let seen = known.get(functionName);
    if (!seen) known.set(functionName, (seen = { begun: new Set(), failed: new Set(), from }));
    const { begun, failed } = seen;
    let newest = 0;
    let nextToken: string | undefined;
    do {
      const request = new FilterLogEventsCommand({ logGroupName: logGroupName(functionName), startTime: seen.from, nextToken });
      const page = await patiently(connection, (options) => connection.logs.send(request, options));
      for (const { message = "", timestamp = 0 } of page.events ?? []) {
        newest = Math.max(newest, timestamp);
        const start = /^START RequestId: (\S+) Version: (\S+)/.exec(message);
        if (start?.[2] === version) begun.add(start[1]!);
        const failure = failureIn(message);
        if (failure !== undefined) failed.add(failure);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    // Lines become visible late and out of order.
    seen.from = Math.max(seen.from, newest - OVERLAP);
    return { requests: begun.size, failed: [...failed].filter((one) => begun.has(one)).length };
  };
}

/** Request id of an invocation that failed: by its own record, or by the platform's report when it could not write one. */
function failureIn(message: string): string | undefined {
  if (message.startsWith(`{"fusionize":`)) {
    try {
      const { request, spans } = JSON.parse(message) as { request?: unknown; spans?: { kind?: unknown; error?: unknown }[] };
      return typeof request === "string" && spans?.[0]?.kind === "entry" && spans[0].error !== undefined ? request : undefined;
    } catch {
      return undefined;
    }
  }
  return /^REPORT RequestId: (\S+).*\bStatus: (?:timeout|error)/.exec(message)?.[1];
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
}
