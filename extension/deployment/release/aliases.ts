import { CreateAliasCommand, GetAliasCommand, UpdateAliasCommand } from "@aws-sdk/client-lambda";
import type { Connection } from "../endpoint/connection.ts";
import { found, patiently } from "../endpoint/retry.ts";
import { LIVE } from "../names.ts";
import { writeReleaseNote, type ReleaseNote } from "./note.ts";
import { unparalleled } from "./parallel.ts";
import { aliasOf, type DeployedAlias, type DeployedFunction } from "./state.ts";

/** Makes or moves an alias; an alias that is where it shall be is left alone. */
export async function pointAlias(
  connection: Connection,
  deployed: DeployedFunction,
  alias: string,
  version: string,
  note: ReleaseNote,
): Promise<boolean> {
  const { lambda } = connection;
  const { functionName: FunctionName, aliases } = deployed;
  const known = aliases.get(alias);
  const isThere = known?.version === version && Object.keys(known.routing).length === 0;
  if (
    known &&
    isThere &&
    known.note.release === note.release &&
    (note.functions === undefined || known.note.functions === note.functions)
  ) {
    return false;
  }
  const Description = writeReleaseNote(note);
  const answer = await unparalleled(
    `${FunctionName}:${alias}`,
    () =>
      patiently(connection, (options) =>
        known
          ? lambda.send(updateAlias(FunctionName, known, version, Description), options)
          : lambda.send(new CreateAliasCommand({ FunctionName, Name: alias, FunctionVersion: version, Description }), options),
      ),
    async () => {
      const there = await found(lambda.send(new GetAliasCommand({ FunctionName, Name: alias })));
      return there?.FunctionVersion === version && there.Description === Description ? there : undefined;
    },
  );
  aliases.set(alias, aliasOf(answer));
  return true;
}

function updateAlias(
  FunctionName: string,
  known: DeployedAlias,
  FunctionVersion: string,
  Description: string,
): UpdateAliasCommand {
  return new UpdateAliasCommand({
    FunctionName,
    Name: known.name,
    FunctionVersion,
    Description,
    RoutingConfig: { AdditionalVersionWeights: {} },
    ...(known.revisionId !== undefined && { RevisionId: known.revisionId }),
  });
}

/** Lets the alias `live` give a share of its requests to another version, or with `undefined` all to its own again. */
export async function routeShare(
  connection: Connection,
  { functionName: FunctionName, aliases }: DeployedFunction,
  to: { version: string; share: number; release: string } | undefined,
): Promise<void> {
  const live = aliases.get(LIVE);
  if (!live || (to === undefined && Object.keys(live.routing).length === 0 && live.note.canary === undefined)) return;
  const { canary: _before, ...note } = live.note;
  const request = new UpdateAliasCommand({
    FunctionName,
    Name: LIVE,
    Description: writeReleaseNote(to ? { ...note, canary: to.release } : note),
    RoutingConfig: { AdditionalVersionWeights: to ? { [to.version]: to.share } : {} },
    ...(live.revisionId !== undefined && { RevisionId: live.revisionId }),
  });
  const answer = await unparalleled(`${FunctionName}:${LIVE}`, () =>
    patiently(connection, (options) => connection.lambda.send(request, options)),
  );
  aliases.set(LIVE, aliasOf(answer));
}
