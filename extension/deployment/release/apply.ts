import {
  CreateFunctionCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import type { Connection } from "../endpoint/connection.ts";
import { patiently } from "../endpoint/retry.ts";
import { settled, vanished } from "../endpoint/settled.ts";
import { TAGS } from "../names.ts";
import { ParallelDeploy, unparalleled } from "./parallel.ts";
import { deleteFunction } from "./prune.ts";
import type { FunctionStep } from "./blueprint.ts";
import { differences, type FunctionShape } from "./shape.ts";
import { readFunction, shapeOf, type DeployedFunction, type DeployedState } from "./state.ts";

/** How often Lambda repeats an event that failed: its own default, written down. */
const RETRIES = 2;

/**
 * Brings one function to a version with the wanted shape and returns that version. Whatever was done already, by this
 * deploy or by one that was cut off, is not done again.
 */
export async function bringToVersion(
  connection: Connection,
  state: DeployedState,
  step: FunctionStep,
  names: { app: string; stage: string },
): Promise<string> {
  const { desired, shape } = step;
  if (step.version !== undefined) return step.version;
  const deployed = step.deployed ?? (await create(connection, step, names, state.broken));
  state.functions.set(desired.functionName, deployed);
  if (!step.deployed && deployed.versions.size === 1) return [...deployed.versions.keys()][0]!;
  const version = await update(connection, deployed, step, names);
  deployed.versions.set(version, shape);
  deployed.latest = shape;
  return version;
}

async function create(
  connection: Connection,
  step: FunctionStep,
  names: { app: string; stage: string },
  broken: Map<string, string>,
): Promise<DeployedFunction> {
  const { desired, shape } = step;
  const name = desired.functionName;
  if (broken.delete(name)) {
    await deleteFunction(connection, name);
    await vanished(connection, name);
  }
  const request = new CreateFunctionCommand({
    FunctionName: name,
    Role: shape.role,
    Runtime: shape.runtime as never,
    Handler: shape.handler,
    Code: { ZipFile: desired.zip },
    MemorySize: shape.memory,
    Timeout: shape.timeout,
    Architectures: [shape.architecture as never],
    ...(Object.keys(shape.environment).length > 0 && { Environment: { Variables: shape.environment } }),
    Tags: { [TAGS.app]: names.app, [TAGS.stage]: names.stage, [TAGS.task]: desired.root },
    Publish: true,
  });
  let made: FunctionConfiguration;
  try {
    made = await patiently(connection, (options) => connection.lambda.send(request, options));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ResourceConflictException") throw error;
    // Either a request of ours whose answer was lost, or somebody else's.
    const there = await readFunction(connection, name, names.app, names.stage);
    if (there === undefined || there === "foreign" || there.latest.codeSha256 !== shape.codeSha256)
      throw new ParallelDeploy(name, error);
    return there;
  }
  const ready = await settled(connection, name, made);
  const version = made.Version ?? "1";
  return {
    functionName: name,
    arn: made.FunctionArn ?? "",
    task: desired.root,
    revisionId: ready.RevisionId,
    latest: shape,
    configuration: ready,
    versions: new Map(version === "$LATEST" ? [] : [[version, shape]]),
    aliases: new Map(),
  };
}

/** Configuration first and code last, because the upload can publish the version in the same request. */
async function update(
  connection: Connection,
  deployed: DeployedFunction,
  { desired, shape }: FunctionStep,
  names: { app: string; stage: string },
): Promise<string> {
  const { lambda } = connection;
  const FunctionName = desired.functionName;
  const reread = () => readFunction(connection, FunctionName, names.app, names.stage);
  const before = await settled(connection, FunctionName, deployed.configuration, { earlier: true });
  let { RevisionId } = before;
  // What an update that failed has left of itself is not known: everything is said again.
  const latest = before.LastUpdateStatus === "Failed" ? UNKNOWN : deployed.latest;
  const configuration = configurationChanges(latest, shape);
  if (Object.keys(configuration).length > 0) {
    const request = new UpdateFunctionConfigurationCommand({ FunctionName, ...configuration, RevisionId });
    const answer = await unparalleled<FunctionConfiguration>(
      FunctionName,
      () => patiently(connection, (options) => lambda.send(request, options)),
      async () => {
        const there = await reread();
        const isDone = typeof there === "object" && Object.keys(configurationChanges(there.latest, shape)).length === 0;
        return isDone ? there.configuration : undefined;
      },
    );
    ({ RevisionId } = await settled(connection, FunctionName, answer));
  }
  if (latest.codeSha256 !== shape.codeSha256 || latest.architecture !== shape.architecture) {
    const isSame = latest.architecture === shape.architecture;
    const request = new UpdateFunctionCodeCommand({
      FunctionName,
      ZipFile: desired.zip,
      ...(!isSame && { Architectures: [shape.architecture as never] }),
      RevisionId,
      Publish: true,
    });
    const answer = await unparalleled<FunctionConfiguration>(
      FunctionName,
      () => patiently(connection, (options) => lambda.send(request, options)),
      async () => {
        const there = await reread();
        const isDone = typeof there === "object" && differences(there.latest, shape).length === 0;
        const Version = typeof there === "object" ? [...there.versions.keys()].at(-1) : undefined;
        return isDone ? { ...there.configuration, ...(Version !== undefined && { Version }) } : undefined;
      },
    );
    deployed.configuration = await settled(connection, FunctionName, answer);
    if (answer.CodeSha256 !== shape.codeSha256) throw new ParallelDeploy(FunctionName);
    if (answer.Version !== undefined && answer.Version !== "$LATEST") return answer.Version;
  }
  const publish = new PublishVersionCommand({ FunctionName, CodeSha256: shape.codeSha256 });
  const published = await unparalleled(FunctionName, () => patiently(connection, (options) => lambda.send(publish, options)));
  if (differences(shapeOf(published), shape).length > 0) throw new ParallelDeploy(FunctionName);
  return published.Version ?? "";
}

/** Differs from every shape in everything. */
const UNKNOWN: FunctionShape = {
  codeSha256: "",
  memory: 0,
  timeout: 0,
  runtime: "",
  handler: "",
  architecture: "",
  role: "",
  environment: { "": "" },
};

/** Only what differs. Lambda takes the environment as a whole. */
function configurationChanges(from: FunctionShape, to: FunctionShape) {
  return {
    ...(from.memory !== to.memory && { MemorySize: to.memory }),
    ...(from.timeout !== to.timeout && { Timeout: to.timeout }),
    ...(from.runtime !== to.runtime && { Runtime: to.runtime as never }),
    ...(from.handler !== to.handler && { Handler: to.handler }),
    ...(from.role !== to.role && { Role: to.role }),
    ...(!sameVariables(from.environment, to.environment) && { Environment: { Variables: to.environment } }),
  };
}

function sameVariables(from: Record<string, string>, to: Record<string, string>): boolean {
  const names = Object.keys(from);
  return names.length === Object.keys(to).length && names.every((name) => from[name] === to[name]);
}

/** Events that are addressed to a release are kept and repeated by that release's rules. `age` in seconds. */
export async function configureEvents(connection: Connection, FunctionName: string, release: string, age: number): Promise<void> {
  await patiently(connection, (options) =>
    connection.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName,
        Qualifier: release,
        MaximumRetryAttempts: RETRIES,
        MaximumEventAgeInSeconds: age,
      }),
      options,
    ),
  );
}
