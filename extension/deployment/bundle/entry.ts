import type { AppConfig, ResolvedFunction } from "../../core/setup.ts";
import type { CallGraph } from "../../core/graph.ts";
import { RELEASE_VARIABLES } from "../release/shape.ts";
import { lambdaEntry } from "./lambda-entry.ts";

/** What the fusion handler of one function is told. See ARCHITECTURE, contracts. */
export interface ServeOptions {
  root: string;
  inline: string[];
  inlineAsync: string[];
  lossTolerated: string[];
  remoteOnly: string[];
  exclusive: string[];
  /** Seconds, of tasks that have timeouts of their own. */
  timeouts?: Record<string, number>;
  /** Whether calls leave the function: its client is then loaded in INIT. */
  remote: boolean;
}

/**
 * The generated entry module: the modules of the member tasks, which register their code, and the fusion handler. Lists
 * hold only names that matter here, so that a change elsewhere in `fusionize.json` leaves the bundle as it is.
 */
export function entryModule(fused: ResolvedFunction, graph: CallGraph, config: AppConfig, remote: boolean): string {
  const { exclusive = [], lossTolerated = [] } = config.constraints;
  const inlined = new Set(fused.tasks);
  const options: ServeOptions = {
    root: fused.root,
    inline: fused.inline,
    inlineAsync: fused.inlineAsync,
    lossTolerated: lossTolerated.filter((task) => fused.inlineAsync.includes(task)).sort(),
    remoteOnly: [],
    exclusive: exclusive.filter((task) => inlined.has(task)).sort(),
    remote,
  };
  const members = graph.tasks.filter(({ name }) => inlined.has(name));
  if (members.some(({ lambda }) => lambda)) return lambdaEntry(fused, graph, config, options);
  const modules = modulesOf(fused.tasks, graph);
  // INIT lasts until the client is ready for the first call.
  const prepared = remote ? ["prepared"] : [];
  return [
    `import { ${["serve", ...prepared].join(", ")} } from "fusionize/handler";`,
    ...modules.map((file) => `import ${JSON.stringify(`./${file}`)};`),
    // Set on the functions that clients invoke; the others are told by their callers. So a change of the setup elsewhere
    // leaves this bundle as it is.
    `export const handler = serve({ ...${JSON.stringify(options)}, setup: process.env.${RELEASE_VARIABLES.setup} ?? "" });`,
    ...prepared.map((name) => `await ${name}();`),
    "",
  ].join("\n");
}

/** Files that define the tasks, relative to the app's folder, sorted. */
export function modulesOf(tasks: readonly string[], graph: CallGraph): string[] {
  const members = new Set(tasks);
  return [...new Set(graph.tasks.filter(({ name }) => members.has(name)).map(({ file }) => file))].sort();
}
