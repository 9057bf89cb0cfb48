import type { AppConfig, ResolvedFunction } from "../../core/setup.ts";
import type { CallGraph } from "../../core/graph.ts";

/** What the fusion handler of one function is told. See ARCHITECTURE, contracts. */
export interface ServeOptions {
  root: string;
  setup: string;
  inline: string[];
  inlineAsync: string[];
  lossTolerated: string[];
  remoteOnly: string[];
  exclusive: string[];
}

/**
 * The generated entry module: the modules of the member tasks, which register their code, and the fusion handler. Lists
 * hold only names that matter here, so that a change elsewhere in `fusionize.json` leaves the bundle as it is.
 */
export function entryModule(fused: ResolvedFunction, graph: CallGraph, config: AppConfig, setup: string): string {
  const { exclusive = [], lossTolerated = [] } = config.constraints;
  const inlined = new Set(fused.tasks);
  const options: ServeOptions = {
    root: fused.root,
    setup,
    inline: fused.inline,
    inlineAsync: fused.inlineAsync,
    lossTolerated: lossTolerated.filter((task) => fused.inlineAsync.includes(task)).sort(),
    remoteOnly: [],
    exclusive: exclusive.filter((task) => inlined.has(task)).sort(),
  };
  const modules = modulesOf(fused.tasks, graph);
  return [
    `import { serve } from "fusionize/handler";`,
    ...modules.map((file) => `import ${JSON.stringify(`./${file}`)};`),
    `export const handler = serve(${JSON.stringify(options)});`,
    "",
  ].join("\n");
}

/** Files that define the tasks, relative to the app's folder, sorted. */
export function modulesOf(tasks: readonly string[], graph: CallGraph): string[] {
  const members = new Set(tasks);
  return [...new Set(graph.tasks.filter(({ name }) => members.has(name)).map(({ file }) => file))].sort();
}
