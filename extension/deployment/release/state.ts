import {
  GetFunctionCommand,
  paginateListAliases,
  paginateListFunctions,
  paginateListVersionsByFunction,
  type AliasConfiguration,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import type { Connection } from "../endpoint/connection.ts";
import { found, patiently } from "../endpoint/retry.ts";
import { namePrefix, releaseNumber, TAGS } from "../names.ts";
import { pool } from "../pool.ts";
import { parseReleaseNote, type ReleaseNote } from "./note.ts";
import type { FunctionShape } from "./shape.ts";

export interface DeployedAlias {
  name: string;
  version: string;
  revisionId: string | undefined;
  note: ReleaseNote;
  /** Second version and its share of the invocations, 0 to 1. */
  routing: Record<string, number>;
}

/** A function of ours as the endpoint has it. */
export interface DeployedFunction {
  functionName: string;
  arn: string;
  task: string;
  revisionId: string | undefined;
  /** Of `$LATEST`. */
  latest: FunctionShape;
  /** As the endpoint described `$LATEST`: creation or an update may still be under way. */
  configuration: FunctionConfiguration;
  /** Version number -> shape, oldest first; without `$LATEST`. */
  versions: Map<string, FunctionShape>;
  aliases: Map<string, DeployedAlias>;
}

export interface DeployedState {
  /** By function name. */
  functions: Map<string, DeployedFunction>;
  /** Names that begin with our prefix but do not carry our tags: never touched. */
  foreign: Set<string>;
  /** Ours, but Lambda could not create them, name -> why: nothing runs there and nothing can be updated, only made anew. */
  broken: Map<string, string>;
}

/** Functions read at once: GetFunction has 100 requests a second, the rest of the control plane shares 15. */
const WIDTH = 5;

/** Reads what exists of an app's stage. The endpoint is the only place where this is kept. */
export async function readState(connection: Connection, app: string, stage: string): Promise<DeployedState> {
  const { lambda, work } = connection;
  const prefix = namePrefix(app, stage);
  const names: string[] = [];
  for await (const page of paginateListFunctions({ client: lambda }, {}, abortable(connection))) {
    for (const { FunctionName } of page.Functions ?? []) if (FunctionName?.startsWith(prefix)) names.push(FunctionName);
    work.signal?.throwIfAborted();
  }
  const state: DeployedState = { functions: new Map(), foreign: new Set(), broken: new Map() };
  const read = await pool(names.sort(), WIDTH, (name) => readFunction(connection, name, app, stage));
  read.forEach((one, index) => {
    if (one === "foreign") state.foreign.add(names[index]!);
    else if (one?.configuration.State === "Failed")
      state.broken.set(one.functionName, one.configuration.StateReason ?? "no reason given");
    else if (one) state.functions.set(one.functionName, one);
  });
  return state;
}

/** `undefined` when it has gone meanwhile. */
export async function readFunction(
  connection: Connection,
  name: string,
  app: string,
  stage: string,
): Promise<DeployedFunction | "foreign" | undefined> {
  const { lambda } = connection;
  const asked = await found(
    patiently(connection, (options) => lambda.send(new GetFunctionCommand({ FunctionName: name }), options)),
  );
  const { Configuration: configuration, Tags: tags } = asked ?? {};
  if (!configuration) return undefined;
  const task = tags?.[TAGS.task];
  if (tags?.[TAGS.app] !== app || tags[TAGS.stage] !== stage || task === undefined) return "foreign";
  const versions = new Map<string, FunctionShape>();
  for await (const page of paginateListVersionsByFunction({ client: lambda }, { FunctionName: name }, abortable(connection))) {
    for (const version of page.Versions ?? []) {
      if (version.Version !== undefined && version.Version !== "$LATEST") versions.set(version.Version, shapeOf(version));
    }
  }
  const aliases = new Map<string, DeployedAlias>();
  for await (const page of paginateListAliases({ client: lambda }, { FunctionName: name }, abortable(connection))) {
    for (const alias of page.Aliases ?? []) {
      const read = aliasOf(alias);
      aliases.set(read.name, read);
    }
  }
  return {
    functionName: name,
    arn: configuration.FunctionArn ?? "",
    task,
    revisionId: configuration.RevisionId,
    latest: shapeOf(configuration),
    configuration,
    versions: new Map([...versions].sort(([a], [b]) => Number(a) - Number(b))),
    aliases,
  };
}

export function shapeOf(configuration: FunctionConfiguration): FunctionShape {
  return {
    codeSha256: configuration.CodeSha256 ?? "",
    memory: configuration.MemorySize ?? 128,
    timeout: configuration.Timeout ?? 3,
    runtime: configuration.Runtime ?? "",
    handler: configuration.Handler ?? "",
    architecture: configuration.Architectures?.[0] ?? "x86_64",
    role: configuration.Role ?? "",
    environment: { ...configuration.Environment?.Variables },
  };
}

export function aliasOf({ Name, FunctionVersion, Description, RevisionId, RoutingConfig }: AliasConfiguration): DeployedAlias {
  return {
    name: Name ?? "",
    version: FunctionVersion ?? "",
    revisionId: RevisionId,
    note: parseReleaseNote(Description ?? ""),
    routing: { ...RoutingConfig?.AdditionalVersionWeights },
  };
}

/** Highest release number that any function has, 0 when there is none. */
export function lastRelease(state: DeployedState): number {
  let last = 0;
  for (const { aliases } of state.functions.values()) {
    for (const name of aliases.keys()) last = Math.max(last, releaseNumber(name) ?? 0);
  }
  return last;
}

function abortable({ work }: Connection): { abortSignal?: AbortSignal } {
  return work.signal ? { abortSignal: work.signal } : {};
}
