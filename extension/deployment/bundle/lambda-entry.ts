import type { CallGraph, LambdaFunction, Task } from "../../core/graph.ts";
import type { AppConfig, ResolvedFunction } from "../../core/setup.ts";
import { RELEASE_VARIABLES } from "../release/shape.ts";
import type { ServeOptions } from "./entry.ts";

/**
 * The entry module of a function of an existing Lambda application: its handlers become tasks, and the names are told under
 * which code may invoke the others.
 */
export function lambdaEntry(fused: ResolvedFunction, graph: CallGraph, _config: AppConfig, common: ServeOptions): string {
  const own = new Map(
    graph.tasks.flatMap((task): [string, Task & { lambda: LambdaFunction }][] =>
      task.lambda ? [[task.name, { ...task, lambda: task.lambda }]] : [],
    ),
  );
  const members = fused.tasks.flatMap((name) => own.get(name) ?? []);
  const host = own.get(fused.root)?.lambda;
  const modules = [...new Set(members.map(({ lambda }) => lambda.module))].sort();
  const options: ServeOptions = {
    ...common,
    // An event that is handled inside ends with its host: one that may take longer keeps its own function.
    remoteOnly: members
      .filter(
        ({ name, lambda }) =>
          fused.inlineAsync.includes(name) && (lambda.remoteOnly !== undefined || lambda.timeout > (host?.timeout ?? 0)),
      )
      .map(({ name }) => name)
      .sort(),
    timeouts: Object.fromEntries(members.map(({ name, lambda }) => [name, lambda.timeout])),
  };
  const names = Object.fromEntries([...own.values()].map(({ name, lambda }) => [name, lambda.names]));
  const prepared = options.remote ? ["prepared"] : [];
  return [
    `import { ${["serve", ...prepared].join(", ")} } from "fusionize/handler";`,
    `import { knownFunctions, lambdaTask } from "fusionize/lambda-tasks";`,
    ...modules.map((file, i) => `import * as module${i} from ${JSON.stringify(`./${file}`)};`),
    ...members.map(
      ({ name, lambda }) =>
        `lambdaTask(${JSON.stringify(name)}, module${modules.indexOf(lambda.module)}, ${JSON.stringify(lambda.handler)});`,
    ),
    `knownFunctions(${JSON.stringify(names)});`,
    `export const handler = serve({ ...${JSON.stringify(options)}, setup: process.env.${RELEASE_VARIABLES.setup} ?? "" });`,
    ...prepared.map((name) => `await ${name}();`),
    "",
  ].join("\n");
}
