/** Finds the tasks of an app and their calls in its source text. Pure: reads no file, executes nothing. */
import type { CallGraph } from "../core/graph.ts";
import { link } from "./link.ts";
import type { DiscoveryOptions } from "./resolve-import.ts";
import { summarise } from "./summarise.ts";
import type { Summary } from "./summary.ts";

export type { DiscoveryOptions } from "./resolve-import.ts";
export { stripTasks, taskDefinitions } from "./strip.ts";
export type { TaskDefinition } from "./strip.ts";

export interface SourceFile {
  /** Relative to the app's folder, with `/`. */
  file: string;
  text: string;
}

/** The call graph of an app that changes: only files that changed are parsed again. */
export interface Discovery {
  /** A file's new text; undefined when it is gone. */
  update(file: string, text: string | undefined): void;
  /** The files that it knows. */
  files(): string[];
  /** The graph of all files as they are now; the same object until something changes. */
  graph(): CallGraph;
}

export function discover(files: Iterable<SourceFile>, options: DiscoveryOptions = {}): CallGraph {
  const discovery = createDiscovery(options);
  for (const { file, text } of files) discovery.update(file, text);
  return discovery.graph();
}

export function createDiscovery(options: DiscoveryOptions = {}): Discovery {
  const known = new Map<string, { text: string; summary: Summary }>();
  let graph: CallGraph | undefined;
  return {
    update(path, text) {
      const file = path.replace(/^\.\//, "");
      if (known.get(file)?.text === text) return;
      graph = undefined;
      if (text === undefined) known.delete(file);
      else known.set(file, { text, summary: summarise(file, text) });
    },
    files: () => [...known.keys()],
    graph: () =>
      (graph ??= link(
        [...known.values()].map(({ summary }) => summary),
        options,
      )),
  };
}
