import { DeleteAliasCommand, DeleteFunctionCommand, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import type { Connection } from "../endpoint/connection.ts";
import { found, patiently } from "../endpoint/retry.ts";
import { pool } from "../pool.ts";
import { writeReleaseNote } from "./note.ts";
import type { DeployOptions } from "../types.ts";
import { KEEP_RELEASES, type Prepared } from "./prepare.ts";
import { removalFrom } from "./removal.ts";
import { aliasOf, type DeployedState } from "./state.ts";

const WIDTH = 5;

/** Removes what no kept release refers to, as the endpoint stands after the deploy. */
export async function prune(
  connection: Connection,
  prepared: Prepared,
  { keepReleases = KEEP_RELEASES, now = Date.now }: DeployOptions,
): Promise<void> {
  const { state, desired, release, drain } = prepared;
  const functions = new Set(desired.functions.map(({ functionName }) => functionName));
  const removal = removalFrom(state, { release, functions, keepReleases, drain, now: now() });
  // The role goes first: a function that is still there brings the next deploy back to what was cut off, a role does not.
  await prepared.roles.remove(removal.functions);
  await pool(removal.functions, WIDTH, (name) => deleteFunction(connection, name));
  for (const name of removal.functions) state.functions.delete(name);
  await pool(removal.aliases, WIDTH, ({ functionName, alias }) => deleteAlias(connection, functionName, alias));
  await pool(removal.versions, WIDTH, ({ functionName, version }) => deleteFunction(connection, functionName, version));
}

/** Writes down when clients have left a release, on one function of it: from then on what it still has to do runs out. */
export async function leave(
  connection: Connection,
  state: DeployedState,
  releases: readonly string[],
  until: string,
): Promise<void> {
  await pool(releases, WIDTH, (release) => stamp(connection, state, release, until));
}

/** Clients are about to come back to a release. */
export async function rejoin(connection: Connection, state: DeployedState, release: string): Promise<void> {
  await stamp(connection, state, release, undefined);
}

async function stamp(
  { lambda, pace, work }: Connection,
  state: DeployedState,
  release: string,
  until: string | undefined,
): Promise<void> {
  for (const { functionName, aliases } of state.functions.values()) {
    const alias = aliases.get(release);
    if (!alias || (until === undefined && alias.note.until === undefined)) continue;
    const Description = writeReleaseNote({ ...alias.note, until });
    const answer = await found(
      patiently({ pace, work }, (options) =>
        lambda.send(new UpdateAliasCommand({ FunctionName: functionName, Name: release, Description }), options),
      ),
    );
    if (answer) aliases.set(release, aliasOf(answer));
    if (until !== undefined) return;
  }
}

export async function deleteFunction(connection: Connection, FunctionName: string, Qualifier?: string): Promise<void> {
  const request = new DeleteFunctionCommand({ FunctionName, ...(Qualifier !== undefined && { Qualifier }) });
  await found(patiently(connection, (options) => connection.lambda.send(request, options)));
}

export async function deleteAlias(connection: Connection, FunctionName: string, Name: string): Promise<void> {
  await found(
    patiently(connection, (options) => connection.lambda.send(new DeleteAliasCommand({ FunctionName, Name }), options)),
  );
}
