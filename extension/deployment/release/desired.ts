import { indexCalls } from "../../core/call-index.ts";
import { byName, resolveFunction } from "../../core/resolve.ts";
import { setupId } from "../../core/setup-id.ts";
import { UserError } from "../../core/errors.ts";
import type { BundledFunction } from "../bundle/types.ts";
import { functionName, isDerivable, logGroupName } from "../names.ts";
import type { Target } from "../target.ts";
import type { DeployableApp } from "../types.ts";
import { existingEnvironment } from "./existing-environment.ts";
import type { FunctionShape } from "./shape.ts";

/** A function as it shall be, apart from the release it will belong to. */
export interface DesiredFunction {
  root: string;
  functionName: string;
  logGroup: string;
  zip: Uint8Array;
  /** Role left out: it may have to be made first. */
  shape: Omit<FunctionShape, "role">;
  /** True when clients outside the app invoke it. */
  entry: boolean;
  /** Tasks that its tasks may call in functions of their own, sorted. */
  calls: string[];
  /** True when some task calls its root asynchronously, so that events may wait for it. */
  takesEvents: boolean;
}

export interface DesiredApp {
  app: string;
  stage: string;
  setupId: string;
  functions: DesiredFunction[];
}

/** Lambda refuses more, measured as the compact JSON of the map; bytes. */
const ENVIRONMENT_LIMIT = 4096;

export function desiredApp(app: DeployableApp, bundles: readonly BundledFunction[], target: Target): DesiredApp {
  const { config, graph, setup } = app;
  const index = indexCalls(graph);
  const tasks = new Map(graph.tasks.map((task) => [task.name, task]));
  const called = new Set(graph.calls.filter(({ kind }) => kind === "async").map(({ to }) => to));
  const own = new Set(bundles.map(({ root }) => root));
  const exclusive = new Set(config.constraints.exclusive);
  const functions = bundles.map(({ root, zip, codeSha256 }): DesiredFunction => {
    const { resolved, remote } = resolveFunction(index, root, setup[root] ?? {});
    // A task that must not run twice at once leaves the function when it would.
    const leaving = resolved.tasks.filter((task) => exclusive.has(task));
    const calls = [...new Set([...remote, ...leaving])].filter((task) => own.has(task)).sort(byName);
    const name = functionName(config.app, target.stage, root);
    return {
      root,
      functionName: name,
      logGroup: logGroupName(name),
      zip,
      shape: {
        codeSha256,
        memory: resolved.memory,
        timeout: tasks.get(root)?.lambda?.timeout ?? config.timeout,
        runtime: tasks.get(root)?.lambda?.runtime ?? config.runtime,
        handler: "index.handler",
        architecture: target.architecture ?? "x86_64",
        environment: environmentOf(root, calls, app, target, resolved.tasks),
      },
      entry: tasks.get(root)?.entry ?? true,
      calls,
      takesEvents: called.has(root),
    };
  });
  refuseSameNames(functions);
  return { app: config.app, stage: target.stage, setupId: setupId(setup), functions };
}

function environmentOf(
  root: string,
  calls: readonly string[],
  { config, graph }: DeployableApp,
  target: Target,
  inside: readonly string[],
): Record<string, string> {
  const environment = { ...existingEnvironment(inside, graph, config.app, target), ...config.environment, ...target.environment };
  // The handler derives a sibling's name from its own; where either was cut, it has to be told.
  const derivable = (task: string) => isDerivable(config.app, target.stage, task);
  const told = derivable(root) ? calls.filter((task) => !derivable(task)) : calls;
  if (told.length > 0) {
    const names = told.map((task) => [task, functionName(config.app, target.stage, task)]);
    environment["FUSIONIZE_FUNCTIONS"] = JSON.stringify(Object.fromEntries(names));
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > ENVIRONMENT_LIMIT) {
    const message = `The environment of ${root} has ${bytes} bytes; Lambda allows ${ENVIRONMENT_LIMIT}.`;
    throw new UserError("environment-too-large", message, "Shorten “environment” in fusionize.json.");
  }
  return environment;
}

function refuseSameNames(functions: readonly DesiredFunction[]): void {
  const seen = new Map<string, string>();
  for (const { root, functionName: name } of functions) {
    const other = seen.get(name);
    if (other !== undefined)
      throw new UserError(
        "same-function-name",
        `The tasks ${other} and ${root} would both be the function ${name}.`,
        "Rename one.",
      );
    seen.set(name, root);
  }
}
